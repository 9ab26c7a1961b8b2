/** The part of the Web Locks API that is used here; Deno has the API, but no types for it. */
export interface WebLocks {
  /**
   * Takes a lock as soon as nobody else in the process holds it, and holds it while the callback
   * runs.
   *
   * @param name The lock's name.
   * @param options Ends the wait: the call then rejects with the signal's reason.
   * @param callback Called when the lock was taken.
   * @returns What the callback returned.
   */
  request(
    name: string,
    options: { readonly signal?: AbortSignal },
    callback: () => unknown,
  ): Promise<unknown>;
}

/** The locks of this process; `undefined` where the platform has none. */
export const webLocks: WebLocks | undefined = Reflect.get(navigator, "locks");
