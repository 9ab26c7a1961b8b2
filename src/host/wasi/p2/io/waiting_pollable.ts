import { Pollable } from "./pollable.ts";
import { waitForAny } from "./wait_for_any.ts";

/** A pollable that may have to wait. It holds no timer and no listener while nobody waits on it. */
export abstract class WaitingPollable extends Pollable {
  readonly #signal: AbortSignal;

  /**
   * Creates a pollable.
   *
   * @param signal Ends every wait on it.
   */
  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  /** Tells whether a call of {@linkcode block} would return at once. */
  abstract override ready(): boolean;

  /**
   * Calls back once, as soon as this is ready, but never before it has returned.
   *
   * @param callback Called when {@linkcode ready} has become true.
   * @returns A function that cancels the call.
   */
  abstract whenReady(callback: () => void): () => void;

  /**
   * Waits until this is ready.
   *
   * @returns A promise only if this is not ready yet. It rejects with the signal's reason when the
   * signal fires first.
   */
  override block(): Promise<void> | undefined {
    return this.ready() ? undefined : waitForAny([this], this.#signal);
  }
}
