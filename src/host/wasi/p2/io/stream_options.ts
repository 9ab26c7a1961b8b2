/** Options of the streams. */
export interface StreamOptions {
  /** Ends every wait for the stream; the wait then rejects with its reason. */
  readonly signal: AbortSignal;
}
