import type { ByteSink } from "../io/byte_sink.ts";
import { toErrorCode } from "./error_code.ts";
import { FilesystemError } from "./filesystem_error.ts";
import type { OpenFile } from "./open_file.ts";

/** Takes bytes into a file: from some position on, or at its end. */
export class FileSink implements ByteSink {
  readonly #file: OpenFile;
  #offset: bigint | undefined;

  /**
   * Creates a sink.
   *
   * @param file The file; the sink's to release.
   * @param offset Where to start, in bytes from the start of the file; absent to append always.
   */
  constructor(file: OpenFile, offset?: bigint) {
    this.#file = file;
    this.#offset = offset;
  }

  /**
   * Writes bytes, all of them.
   *
   * @param chunk The bytes.
   * @throws {@linkcode FilesystemError}
   */
  write(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0;) rest = rest.subarray(this.#writeSome(rest));
  }

  /** Releases the file. */
  [Symbol.dispose](): void {
    this.#file.release();
  }

  #writeSome(bytes: Uint8Array): number {
    try {
      if (this.#offset === undefined) return this.#file.append(bytes);
      const count = this.#file.writeAt(this.#offset, bytes);
      this.#offset += BigInt(count);
      return count;
    } catch (error) {
      throw new FilesystemError(toErrorCode(error));
    }
  }
}
