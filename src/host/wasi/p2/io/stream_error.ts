import { IoError } from "./io_error.ts";

/** What a stream's function throws as the error of its result. */
export type StreamError =
  | { readonly tag: "closed" }
  | { readonly tag: "last-operation-failed"; readonly val: IoError };

/**
 * Makes a stream's error of what its source or sink threw.
 *
 * @param error What was thrown.
 * @returns The error of the result.
 * @throws `error` itself if it is not an `IoError`: that is a fault of the host, not of the stream.
 */
export function toStreamError(error: unknown): StreamError {
  if (!(error instanceof IoError)) throw error;
  return { tag: "last-operation-failed", val: error };
}
