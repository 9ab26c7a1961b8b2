/** Tells when something can be done without waiting. */
export interface Readiness {
  /** Tells whether it can be done now. */
  ready(): boolean;
  /**
   * Calls back once, as soon as it can be done, but never before this has returned.
   *
   * @param callback Called when {@linkcode ready} has become true.
   * @returns A function that cancels the call.
   */
  whenReady(callback: () => void): () => void;
}
