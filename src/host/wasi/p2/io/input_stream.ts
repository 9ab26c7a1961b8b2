import type { ByteSource } from "./byte_source.ts";
import { Pollable } from "./pollable.ts";
import { type StreamError, toStreamError } from "./stream_error.ts";

/** A guest may ask for 2^64 bytes; this bounds what one call reads into the host's memory. */
const LONGEST_READ = 65_536;

/** The resource `wasi:io/streams.input-stream`. */
export class InputStream implements Disposable {
  /** Absent once the stream has ended, failed or been dropped. */
  #source: ByteSource | undefined;

  /**
   * Creates a stream.
   *
   * @param source Where the bytes come from; the stream's to dispose.
   */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Reads what is there, without waiting.
   *
   * @param length How many bytes at most.
   * @returns The bytes; fewer than `length` if fewer are there.
   * @throws `StreamError`
   */
  read(length: bigint): Uint8Array {
    const source = this.#source;
    if (source === undefined) {
      throw { tag: "closed" } satisfies StreamError;
    }
    if (length === 0n) return new Uint8Array();
    const chunk = this.#take(source, Math.min(Number(length), LONGEST_READ));
    if (chunk === undefined) {
      this[Symbol.dispose]();
      throw { tag: "closed" } satisfies StreamError;
    }
    return chunk;
  }

  /** Reads at least one byte; see {@linkcode read}. */
  blockingRead(length: bigint): Uint8Array {
    return this.read(length);
  }

  /**
   * Reads and drops what is there.
   *
   * @param length How many bytes at most.
   * @returns How many bytes were dropped.
   * @throws `StreamError`
   */
  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  /** Drops at least one byte; see {@linkcode skip}. */
  blockingSkip(length: bigint): bigint {
    return this.skip(length);
  }

  /** Makes a pollable that is ready when {@linkcode read} has something to say. */
  subscribe(): Pollable {
    return new Pollable();
  }

  /** Closes the source. */
  [Symbol.dispose](): void {
    this.#source?.[Symbol.dispose]();
    this.#source = undefined;
  }

  #take(source: ByteSource, limit: number): Uint8Array | undefined {
    try {
      return source.read(limit);
    } catch (error) {
      this[Symbol.dispose]();
      throw toStreamError(error);
    }
  }
}
