import type { ByteSource } from "../io/byte_source.ts";
import { toErrorCode } from "./error_code.ts";
import { FilesystemError } from "./filesystem_error.ts";
import type { OpenFile } from "./open_file.ts";

/** The bytes of a file from some position on. */
export class FileSource implements ByteSource {
  readonly #file: OpenFile;
  #offset: bigint;

  /**
   * Creates a source.
   *
   * @param file The file; the source's to release.
   * @param offset Where to start, in bytes from the start of the file.
   */
  constructor(file: OpenFile, offset: bigint) {
    this.#file = file;
    this.#offset = offset;
  }

  /**
   * Takes the next bytes.
   *
   * @param limit How many bytes at most.
   * @returns At least one byte, or `undefined` at the end.
   * @throws {@linkcode FilesystemError}
   */
  read(limit: number): Uint8Array | undefined {
    const chunk = this.#readAt(limit);
    if (chunk.length === 0) return undefined;
    this.#offset += BigInt(chunk.length);
    return chunk;
  }

  /** Releases the file. */
  [Symbol.dispose](): void {
    this.#file.release();
  }

  #readAt(limit: number): Uint8Array {
    try {
      return this.#file.readAt(this.#offset, limit);
    } catch (error) {
      throw new FilesystemError(toErrorCode(error));
    }
  }
}
