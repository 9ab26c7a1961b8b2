import type { Readiness } from "./readiness.ts";

/** Where an output stream's bytes go. */
export interface ByteSink extends Partial<Disposable> {
  /**
   * Tells how many bytes may be written now. 0 says to wait for {@linkcode writable}; any number if
   * absent.
   *
   * @throws `IoError` if the sink has failed.
   */
  capacity?(): number;
  /**
   * Takes bytes, at most {@linkcode capacity} of them.
   *
   * @param chunk The bytes, the sink's to keep.
   * @throws `IoError` if the sink cannot take them.
   */
  write(chunk: Uint8Array): void;
  /** When {@linkcode capacity} is not 0, or the sink has failed; always, if absent. */
  readonly writable?: Readiness;
  /** When everything written is out, or the sink has failed; always, if absent. */
  readonly flushed?: Readiness;
}
