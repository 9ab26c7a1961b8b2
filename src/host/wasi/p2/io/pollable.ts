/** The resource `wasi:io/poll.pollable`. This one, the base of all others, is always ready. */
export class Pollable {
  /** Tells whether a call of {@linkcode block} would return at once. */
  ready(): boolean {
    return true;
  }

  /**
   * Waits until this is ready.
   *
   * @returns A promise only if there is something to wait for.
   */
  block(): Promise<void> | undefined {
    return undefined;
  }
}
