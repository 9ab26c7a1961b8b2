import { InputStream } from "../io/input_stream.ts";
import { Descriptor } from "./descriptor.ts";
import { FileSource } from "./file_source.ts";
import type { OpenFile } from "./open_file.ts";
import { systemCall } from "./system_call.ts";

/** A guest may ask for 2^64 bytes; this bounds what one call reads into the host's memory. */
const LONGEST_READ = 1_048_576;

/** The descriptor of a regular file. */
export class FileDescriptor extends Descriptor implements Disposable {
  readonly #file: OpenFile;
  #disposed = false;

  /**
   * Creates a descriptor.
   *
   * @param file The file; the descriptor's to release.
   */
  constructor(file: OpenFile) {
    super();
    this.#file = file;
  }

  /** Asks for the current attributes of the file, as the system has them. */
  override info(): Deno.FileInfo {
    return this.#file.info();
  }

  /**
   * Reads at a position.
   *
   * @param length How many bytes at most.
   * @param offset The position, in bytes from the start.
   * @returns The bytes, possibly fewer, and whether the end was reached.
   * @throws `ErrorCode`
   */
  override read(length: bigint, offset: bigint): [Uint8Array, boolean] {
    const limit = Math.min(Number(length), LONGEST_READ);
    const bytes = systemCall(() => this.#file.readAt(offset, limit));
    return [bytes, bytes.length === 0 && limit > 0];
  }

  /**
   * Makes a stream of the data, which outlives this descriptor.
   *
   * @param offset Where to start, in bytes from the start.
   * @returns The stream.
   */
  override readViaStream(offset: bigint): InputStream {
    return new InputStream(new FileSource(this.#file.hold(), offset));
  }

  /** Releases the file. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#file.release();
  }
}
