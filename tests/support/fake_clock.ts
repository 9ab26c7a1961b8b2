/**
 * A clock for tests: time stands still until the test moves it.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../../src/clock.ts";

interface Alarm {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. Alarms without a wait go off by themselves. */
export class FakeClock implements Clock {
  #epoch: number;
  readonly #alarms = new Set<Alarm>();
  #elapsed = 0;

  /**
   * Makes a clock.
   *
   * @param epoch Its first wall-clock time, in ms since the Unix epoch.
   */
  constructor(epoch: number = Date.UTC(2026, 0, 1)) {
    this.#epoch = epoch;
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** How long (ms) until the next alarm goes off; `undefined` if none is set. */
  get untilNext(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.due - this.#elapsed;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(callback: () => void, milliseconds: number): () => void {
    const alarm = { due: this.#elapsed + Math.max(0, milliseconds), callback };
    this.#alarms.add(alarm);
    if (milliseconds <= 0) queueMicrotask(() => this.#goOff(alarm));
    return () => this.#alarms.delete(alarm);
  }

  /** Moves time without any alarm going off, as if the process had been busy or asleep. */
  jump(milliseconds: number): void {
    this.#elapsed += milliseconds;
  }

  /** Sets the wall clock, as an operator or a time server does. */
  setWall(time: number): void {
    this.#epoch = time - this.#elapsed;
  }

  /**
   * Moves time from alarm to alarm, in the order in which they are due, and lets everything happen
   * that follows from one before the next.
   *
   * @param milliseconds How far to move.
   */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await settled();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.due > end) break;
      this.#elapsed = Math.max(this.#elapsed, next.due);
      this.#goOff(next);
      await settled();
    }
    this.#elapsed = end;
  }

  #goOff(alarm: Alarm): void {
    if (this.#alarms.delete(alarm)) alarm.callback();
  }

  #next(): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (next === undefined || alarm.due < next.due) next = alarm;
    }
    return next;
  }
}

/** Lets every promise that can settle without the outside world settle. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
