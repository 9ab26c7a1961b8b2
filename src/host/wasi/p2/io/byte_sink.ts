/** Where an output stream's bytes go. Every sink of this release takes all it is given at once. */
export interface ByteSink {
  /**
   * Takes bytes.
   *
   * @param chunk The bytes, the sink's to keep.
   * @throws `IoError` if the sink cannot take them.
   */
  write(chunk: Uint8Array): void;
}
