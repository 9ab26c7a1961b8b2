import type { ByteSource } from "./byte_source.ts";
import { Pollable } from "./pollable.ts";
import type { Readiness } from "./readiness.ts";
import { ReadinessPollable } from "./readiness_pollable.ts";
import { type StreamError, toStreamError } from "./stream_error.ts";
import type { StreamOptions } from "./stream_options.ts";
import { waitForAny } from "./wait_for_any.ts";

/** A guest may ask for 2^64 bytes; this bounds what one call reads into the host's memory. */
const LONGEST_READ = 65_536;

/** The resource `wasi:io/streams.input-stream`. */
export class InputStream implements Disposable {
  /** Absent once the stream has ended, failed or been dropped. */
  #source: ByteSource | undefined;
  readonly #signal: AbortSignal;

  /**
   * Creates a stream.
   *
   * @param source Where the bytes come from; the stream's to dispose.
   * @param options What ends its waits.
   */
  constructor(source: ByteSource, { signal }: StreamOptions) {
    this.#source = source;
    this.#signal = signal;
  }

  /**
   * Reads what is there, without waiting.
   *
   * @param length How many bytes at most.
   * @returns The bytes; fewer than `length` if fewer are there, and none if nothing is there yet.
   * @throws `StreamError`
   */
  read(length: bigint): Uint8Array {
    const source = this.#openSource();
    if (length === 0n) return new Uint8Array();
    const chunk = this.#take(source, Number(length < LONGEST_READ ? length : LONGEST_READ));
    if (chunk === undefined) {
      this[Symbol.dispose]();
      throw { tag: "closed" } satisfies StreamError;
    }
    return chunk;
  }

  /**
   * Reads at least one byte, if `length` is not 0; see {@linkcode read}.
   *
   * @returns A promise only if there is something to wait for.
   */
  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array> {
    if (this.#isReadable()) {
      const chunk = this.read(length);
      if (chunk.length > 0 || length === 0n) return chunk;
    }
    return this.#readWhenReadable(length);
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

  /**
   * Drops at least one byte, if `length` is not 0; see {@linkcode skip}.
   *
   * @returns A promise only if there is something to wait for.
   */
  blockingSkip(length: bigint): bigint | Promise<bigint> {
    const skipped = this.blockingRead(length);
    return skipped instanceof Promise
      ? skipped.then((chunk) => BigInt(chunk.length))
      : BigInt(skipped.length);
  }

  /** Makes a pollable that is ready when {@linkcode read} has something to say. */
  subscribe(): Pollable {
    const readable = this.#source?.readable;
    if (readable === undefined) return new Pollable();
    const readiness: Readiness = {
      // The pollable may outlive the stream, and then nothing is left to wait for.
      ready: () => this.#isReadable(),
      whenReady: (callback) => readable.whenReady(callback),
    };
    return new ReadinessPollable(readiness, this.#signal);
  }

  /**
   * Waits until {@linkcode read} has something to say.
   *
   * @returns A promise only if there is something to wait for.
   */
  untilReadable(): Promise<void> | undefined {
    const readable = this.#source?.readable;
    if (readable === undefined || readable.ready()) return undefined;
    return waitForAny([readable], this.#signal);
  }

  /** Closes the source. */
  [Symbol.dispose](): void {
    const source = this.#source;
    this.#source = undefined;
    source?.[Symbol.dispose]();
  }

  async #readWhenReadable(length: bigint): Promise<Uint8Array> {
    while (true) {
      await this.untilReadable();
      const chunk = this.read(length);
      // Two streams may share a source, as those of the standard input do.
      if (chunk.length > 0 || length === 0n) return chunk;
    }
  }

  #isReadable(): boolean {
    return this.#source?.readable?.ready() ?? true;
  }

  #openSource(): ByteSource {
    if (this.#source === undefined) throw { tag: "closed" } satisfies StreamError;
    return this.#source;
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
