import type { Readiness } from "../../../../../src/host/wasi/p2/io/readiness.ts";

/** A readiness that a test sets, and that counts who waits. */
export class Flag implements Readiness {
  #isSet: boolean;
  readonly #waiting = new Set<{ readonly callback: () => void }>();

  constructor(isSet = false) {
    this.#isSet = isSet;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  ready(): boolean {
    return this.#isSet;
  }

  whenReady(callback: () => void): () => void {
    const waiter = { callback };
    this.#waiting.add(waiter);
    return () => this.#waiting.delete(waiter);
  }

  /** Sets it, and calls back whoever waits if it is now ready. */
  set(isSet: boolean): void {
    this.#isSet = isSet;
    if (!isSet) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { callback } of waiting) callback();
  }
}
