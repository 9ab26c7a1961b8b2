/**
 * How many events of one component run at once, how many wait, and which are refused.
 *
 * @module
 */

import type { Limits } from "../app/application.ts";

/** Lets work in, in the order in which it came. */
export class Admission {
  readonly #limits: Pick<Limits, "maxConcurrency" | "queue">;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  /**
   * Makes an admission that is empty.
   *
   * @param limits How much is let in, and how much may wait.
   */
  constructor(limits: Pick<Limits, "maxConcurrency" | "queue">) {
    this.#limits = limits;
  }

  /**
   * Waits for a place.
   *
   * @param signal Ends the wait.
   * @returns What gives the place back, to be called once; `undefined` if too many wait already.
   * @throws {unknown} The signal's reason.
   */
  async enter(signal?: AbortSignal): Promise<(() => void) | undefined> {
    const { maxConcurrency, queue } = this.#limits;
    signal?.throwIfAborted();
    if (this.#running < maxConcurrency) {
      this.#running += 1;
      return () => this.#leave();
    }
    if (this.#waiting.size >= queue) return undefined;
    await this.#turn(signal);
    return () => this.#leave();
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(admit);
        reject(signal?.reason);
      };
      const admit = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(admit);
    });
  }

  /** Gives the place to the next that waits, or back. */
  #leave(): void {
    const next = this.#waiting.values().next().value;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
