/**
 * Waiting with a way out.
 *
 * @module
 */

/**
 * Waits for a promise, but not beyond an abort.
 *
 * @param promise What to wait for.
 * @param signal Ends the wait early.
 * @returns What the promise gives.
 * @throws {unknown} The signal's reason, if it fires first.
 */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return await promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
