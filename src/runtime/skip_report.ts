/**
 * Reports skipped events without becoming a flood: a timer that cannot keep up skips all the time.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** The shortest time (ms) between two reports. */
const PAUSE = 1_000;

/** Sums up skipped events, and reports them at most once a second. */
export class SkipReport {
  readonly #clock: Clock;
  readonly #report: (count: number, reason: string) => void;
  #count = 0;
  #lastReport = -Infinity;

  /**
   * Makes a report.
   *
   * @param clock What the pause is measured with.
   * @param report Takes how many events were skipped since the last report, and why.
   */
  constructor(clock: Clock, report: (count: number, reason: string) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /**
   * Adds skipped events. They are reported now, or together with the next ones.
   *
   * @param count How many.
   * @param reason Why.
   */
  add(count: number, reason: string): void {
    this.#count += count;
    const now = this.#clock.monotonic();
    if (now - this.#lastReport < PAUSE) return;
    this.#report(this.#count, reason);
    this.#count = 0;
    this.#lastReport = now;
  }
}
