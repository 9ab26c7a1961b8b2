import type { Field } from "./fields.ts";

/** Takes a response's body out of what the connection brings. */
export interface BodyDecoder {
  /** Whether the body has ended; what comes then belongs to nothing. */
  readonly done: boolean;
  /** The trailer, which is whole once the body has ended. */
  readonly trailers: readonly Field[];
  /**
   * Takes what came.
   *
   * @param chunk The bytes.
   * @returns What of them is the body's, in order. Views of `chunk`.
   * @throws `HttpFailure` If it is not as the header announced it.
   */
  decode(chunk: Uint8Array): readonly Uint8Array[];
  /**
   * Takes note that the server has closed the connection.
   *
   * @throws `HttpFailure` `HTTP-response-incomplete` if there must be more.
   */
  end(): void;
}
