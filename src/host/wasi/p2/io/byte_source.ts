/**
 * Where an input stream's bytes come from. Every source of this release answers at once; one that
 * waits would add its readiness here, and the `blocking-*` functions of `wasi:io/streams` to the
 * catalog.
 */
export interface ByteSource extends Disposable {
  /**
   * Takes the next bytes.
   *
   * @param limit How many bytes at most; at least 1.
   * @returns At least one byte, the caller's to keep, or `undefined` at the end.
   * @throws `IoError` if the bytes cannot be had.
   */
  read(limit: number): Uint8Array | undefined;
}
