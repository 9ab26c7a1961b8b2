import type { Readiness } from "./readiness.ts";
import { WaitingPollable } from "./waiting_pollable.ts";

/** A pollable that is ready whenever something can be done without waiting. */
export class ReadinessPollable extends WaitingPollable {
  readonly #readiness: Readiness;

  /**
   * Creates a pollable.
   *
   * @param readiness What it tells of.
   * @param signal Ends every wait on it.
   */
  constructor(readiness: Readiness, signal: AbortSignal) {
    super(signal);
    this.#readiness = readiness;
  }

  /** Tells whether a call of {@linkcode block} would return at once. */
  override ready(): boolean {
    return this.#readiness.ready();
  }

  /**
   * Calls back once, as soon as this is ready, but never before it has returned.
   *
   * @param callback Called when {@linkcode ready} has become true.
   * @returns A function that cancels the call.
   */
  override whenReady(callback: () => void): () => void {
    return this.#readiness.whenReady(callback);
  }
}
