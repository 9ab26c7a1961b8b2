/** Something that becomes ready. */
export interface Waitable {
  /**
   * Calls back once, as soon as this is ready, but never before it has returned.
   *
   * @param callback Called when this has become ready.
   * @returns A function that cancels the call.
   */
  whenReady(callback: () => void): () => void;
}

/**
 * Waits until one of several is ready, and leaves no timer and no listener behind.
 *
 * @param waitables What to wait for. None of them is ready yet.
 * @param signal Ends the wait early.
 * @returns A promise that rejects with the signal's reason when the signal fires first.
 */
export function waitForAny(
  waitables: readonly Waitable[],
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener("abort", onAbort);
      for (const cancel of cancels) cancel();
    };
    const onReady = () => {
      stop();
      resolve();
    };
    const onAbort = () => {
      stop();
      reject(signal.reason);
    };
    const cancels = waitables.map((waitable) => waitable.whenReady(onReady));
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
