import { InputStream } from "../io/input_stream.ts";
import { OutputStream } from "../io/output_stream.ts";
import { LONGEST_READ } from "./bounds.ts";
import { Descriptor } from "./descriptor.ts";
import type { DescriptorFlags, NewTimestamp } from "./descriptor_types.ts";
import type { ErrorCode } from "./error_code.ts";
import { FileSink } from "./file_sink.ts";
import { FileSource } from "./file_source.ts";
import type { MountRoot } from "./mount_root.ts";
import { newTimes } from "./new_times.ts";
import type { OpenFile } from "./open_file.ts";
import { systemCall } from "./system_call.ts";

/** The descriptor of a regular file. */
export class FileDescriptor extends Descriptor implements Disposable {
  readonly #file: OpenFile;
  #disposed = false;

  /**
   * Creates a descriptor.
   *
   * @param file The file; the descriptor's to release.
   * @param mount The mount that it is in.
   */
  constructor(file: OpenFile, mount: MountRoot) {
    super(mount);
    this.#file = file;
  }

  /** Asks for the current attributes of the file, as the system has them. */
  override info(): Deno.FileInfo {
    return this.#file.info();
  }

  /** Tells what it was opened for. */
  override getFlags(): DescriptorFlags {
    return this.#file.flags;
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
    this.#assertReadable();
    const limit = Number(length < LONGEST_READ ? length : LONGEST_READ);
    const bytes = systemCall(() => this.#file.readAt(offset, limit));
    return [bytes, bytes.length === 0 && limit > 0];
  }

  /**
   * Makes a stream of the data, which outlives this descriptor.
   *
   * @param offset Where to start, in bytes from the start.
   * @returns The stream.
   * @throws `ErrorCode`
   */
  override readViaStream(offset: bigint): InputStream {
    this.#assertReadable();
    const { signal } = this.#file.files;
    return new InputStream(new FileSource(this.#file.hold(), offset), { signal });
  }

  /**
   * Writes at a position.
   *
   * @param bytes The bytes.
   * @param offset The position, in bytes from the start.
   * @returns How many of them were written.
   * @throws `ErrorCode`
   */
  override write(bytes: Uint8Array, offset: bigint): bigint {
    this.#assertWritable();
    return BigInt(systemCall(() => this.#file.writeAt(offset, bytes)));
  }

  /**
   * Makes a stream that writes from a position on, and outlives this descriptor.
   *
   * @param offset Where to start, in bytes from the start.
   * @returns The stream.
   * @throws `ErrorCode`
   */
  override writeViaStream(offset: bigint): OutputStream {
    this.#assertWritable();
    return this.#outputStream(new FileSink(this.#file.hold(), offset));
  }

  /**
   * Makes a stream that writes at the end of the file, and outlives this descriptor.
   *
   * @returns The stream.
   * @throws `ErrorCode`
   */
  override appendViaStream(): OutputStream {
    this.#assertWritable();
    return this.#outputStream(new FileSink(this.#file.hold()));
  }

  /**
   * Cuts the file off or fills it up with zeroes.
   *
   * @param size Its new size, in bytes.
   * @throws `ErrorCode`
   */
  override setSize(size: bigint): void {
    this.#assertWritable();
    this.#file.setSize(size);
  }

  /**
   * Sets the times of the file.
   *
   * @param access When its data was last read.
   * @param modification When its data was last changed.
   * @throws `ErrorCode`
   */
  override setTimes(access: NewTimestamp, modification: NewTimestamp): void {
    this.assertMutable();
    const times = newTimes({ access, modification }, this.info());
    if (times !== undefined) this.#file.setTimes(times);
  }

  /** Waits until the file is on the disk. */
  override sync(): void {
    this.#file.sync("all");
  }

  /** Waits until the data of the file is on the disk. */
  override syncData(): void {
    this.#file.sync("data");
  }

  /** Releases the file. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#file.release();
  }

  #outputStream(sink: FileSink): OutputStream {
    return new OutputStream(sink, { signal: this.#file.files.signal });
  }

  #assertReadable(): void {
    if (!this.#file.flags.read) throw "bad-descriptor" satisfies ErrorCode;
  }

  #assertWritable(): void {
    this.assertMutable();
    if (!this.#file.flags.write) throw "bad-descriptor" satisfies ErrorCode;
  }
}
