import type { Readiness } from "./readiness.ts";

/** Where an input stream's bytes come from. */
export interface ByteSource extends Disposable {
  /**
   * Takes the next bytes, without waiting.
   *
   * @param limit How many bytes at most; at least 1.
   * @returns The bytes, the caller's to keep; none if {@linkcode readable} is not ready yet;
   * `undefined` at the end.
   * @throws `IoError` if the bytes cannot be had.
   */
  read(limit: number): Uint8Array | undefined;
  /** When there is something to read, the end or an error included; always, if absent. */
  readonly readable?: Readiness;
}
