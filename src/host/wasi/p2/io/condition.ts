import type { Readiness } from "../io/readiness.ts";

/** A readiness that is looked at again whenever something has changed. */
export class Condition implements Readiness {
  readonly #holds: () => boolean;
  readonly #waiting = new Set<() => void>();

  /**
   * Creates a condition.
   *
   * @param holds Tells whether it holds now. Whoever changes the answer to true must call
   * {@linkcode Condition.changed}.
   */
  constructor(holds: () => boolean) {
    this.#holds = holds;
  }

  /** Tells whether the condition holds. */
  ready(): boolean {
    return this.#holds();
  }

  /**
   * Calls back once, as soon as the condition holds, but never before this has returned.
   *
   * @param callback Called when the condition has come to hold.
   * @returns A function that cancels the call.
   */
  whenReady(callback: () => void): () => void {
    const waiting = () => callback();
    this.#waiting.add(waiting);
    if (this.#holds()) queueMicrotask(() => this.changed());
    return () => this.#waiting.delete(waiting);
  }

  /** Tells everybody who waits, if the condition holds now. */
  changed(): void {
    if (!this.#holds()) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}
