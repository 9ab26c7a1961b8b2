import { guestTrap } from "../../../guest_trap.ts";
import type { ByteSink } from "./byte_sink.ts";
import type { InputStream } from "./input_stream.ts";
import { Pollable } from "./pollable.ts";
import type { Readiness } from "./readiness.ts";
import { ReadinessPollable } from "./readiness_pollable.ts";
import { type StreamError, toStreamError } from "./stream_error.ts";
import type { StreamOptions } from "./stream_options.ts";
import { waitForAny } from "./wait_for_any.ts";

/** How many bytes one `check-write` permits at most. */
const PERMIT = 65_536;

/** The most that the WIT text allows `blocking-write-zeroes-and-flush` to write. */
const MOST_ZEROES = 4_096n;

/** The resource `wasi:io/streams.output-stream`. */
export class OutputStream implements Disposable {
  /** Absent once the sink has failed or the stream has been dropped. */
  #sink: ByteSink | undefined;
  readonly #signal: AbortSignal;
  #permitted = 0n;
  #isFlushing = false;

  /**
   * Creates a stream.
   *
   * @param sink Where the bytes go; the stream's to dispose.
   * @param options What ends its waits.
   */
  constructor(sink: ByteSink, { signal }: StreamOptions) {
    this.#sink = sink;
    this.#signal = signal;
  }

  /**
   * Asks how much may be written.
   *
   * @returns How many bytes the next writes may have together; 0 while the sink is full or a flush
   * is under way.
   * @throws `StreamError`
   */
  checkWrite(): bigint {
    this.#permitted = BigInt(this.#room());
    return this.#permitted;
  }

  /**
   * Writes bytes.
   *
   * @param contents At most as many bytes as the last {@linkcode checkWrite} permitted, else the
   * guest traps.
   * @throws `StreamError`
   */
  write(contents: Uint8Array): void {
    this.#spend(BigInt(contents.length));
    this.#send(contents);
  }

  /**
   * Writes bytes, any number of them, and waits until they are out.
   *
   * @param contents The bytes.
   * @returns A promise only if there is something to wait for.
   * @throws `StreamError`
   */
  blockingWriteAndFlush(contents: Uint8Array): Promise<void> | undefined {
    const rest = this.#sendSome(contents);
    if (rest.length > 0) return this.#sendRest(rest);
    return this.blockingFlush();
  }

  /**
   * Asks for buffered bytes to be sent. Nothing more may be written until they are.
   *
   * @throws `StreamError`
   */
  flush(): void {
    this.#assertSound();
    this.#isFlushing = !this.#isFlushed();
  }

  /**
   * Waits until buffered bytes are sent.
   *
   * @returns A promise only if there is something to wait for.
   * @throws `StreamError`
   */
  blockingFlush(): Promise<void> | undefined {
    this.flush();
    return this.#isFlushing ? this.#finishFlush() : undefined;
  }

  /** Makes a pollable that is ready when {@linkcode checkWrite} permits a byte, or fails. */
  subscribe(): Pollable {
    const { writable, flushed } = this.#sink ?? {};
    if (writable === undefined && flushed === undefined) return new Pollable();
    return new ReadinessPollable(this.#writable, this.#signal);
  }

  /** Writes zeroes, under the same rule as {@linkcode write}. */
  writeZeroes(length: bigint): void {
    this.#spend(length);
    this.#send(new Uint8Array(Number(length)));
  }

  /** Writes up to 4,096 zeroes; see {@linkcode blockingWriteAndFlush}. */
  blockingWriteZeroesAndFlush(length: bigint): Promise<void> | undefined {
    if (length > MOST_ZEROES) {
      throw guestTrap(
        `blocking-write-zeroes-and-flush of ${length} bytes exceeds ${MOST_ZEROES}`,
      );
    }
    return this.blockingWriteAndFlush(new Uint8Array(Number(length)));
  }

  /**
   * Moves bytes from an input stream to this one, without waiting.
   *
   * @param source The stream to read from.
   * @param length How many bytes at most.
   * @returns How many bytes were moved.
   * @throws `StreamError`
   */
  splice(source: InputStream, length: bigint): bigint {
    const permitted = this.checkWrite();
    // Nothing is read that could not be written, since it could not be put back.
    const limit = length < permitted ? length : permitted;
    if (limit === 0n) return 0n;
    const chunk = source.read(limit);
    this.write(chunk);
    return BigInt(chunk.length);
  }

  /**
   * Moves at least one byte, if `length` is not 0; see {@linkcode splice}.
   *
   * @returns A promise only if there is something to wait for.
   */
  blockingSplice(source: InputStream, length: bigint): bigint | Promise<bigint> {
    const moved = this.splice(source, length);
    return moved > 0n || length === 0n ? moved : this.#spliceWhenReady(source, length);
  }

  /** Disposes the sink. */
  [Symbol.dispose](): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.[Symbol.dispose]?.();
  }

  /** When {@linkcode checkWrite} permits a byte, or fails. */
  readonly #writable: Readiness = {
    ready: () => !this.#waitsForFlush() && (this.#sink?.writable?.ready() ?? true),
    whenReady: (callback) => {
      let cancel: (() => void) | undefined;
      const wait = () => {
        const next = this.#waitsForFlush() ? this.#sink?.flushed : this.#sink?.writable;
        cancel = next?.whenReady(() => {
          // What has been flushed may still be full, and the other way round.
          if (this.#writable.ready()) callback();
          else wait();
        });
      };
      wait();
      return () => cancel?.();
    },
  };

  async #sendRest(contents: Uint8Array): Promise<void> {
    for (let rest = contents; rest.length > 0; rest = this.#sendSome(rest)) {
      await this.#untilWritable();
    }
    await this.blockingFlush();
  }

  async #finishFlush(): Promise<void> {
    const flushed = this.#sink?.flushed;
    if (flushed !== undefined) await waitForAny([flushed], this.#signal);
    this.#assertSound();
    this.#isFlushing = false;
  }

  async #spliceWhenReady(source: InputStream, length: bigint): Promise<bigint> {
    while (true) {
      await this.#untilWritable();
      this.#assertSound(); // a sink that has failed is writable too, and the source may never be
      await source.untilReadable();
      const moved = this.splice(source, length);
      if (moved > 0n) return moved;
    }
  }

  async #untilWritable(): Promise<void> {
    if (!this.#writable.ready()) await waitForAny([this.#writable], this.#signal);
  }

  /** Sends as much as fits, and gives the rest. */
  #sendSome(contents: Uint8Array): Uint8Array {
    let rest = contents;
    let room = this.#room();
    while (rest.length > 0 && room > 0) {
      this.#send(rest.subarray(0, room));
      rest = rest.subarray(room);
      room = this.#room();
    }
    return rest;
  }

  #room(): number {
    const room = Math.min(this.#capacity(), PERMIT);
    return this.#waitsForFlush() ? 0 : room;
  }

  #waitsForFlush(): boolean {
    this.#isFlushing &&= !this.#isFlushed();
    return this.#isFlushing;
  }

  #isFlushed(): boolean {
    return this.#sink?.flushed?.ready() ?? true;
  }

  #spend(length: bigint): void {
    if (length > this.#permitted) {
      throw guestTrap(
        `Write of ${length} bytes where check-write permitted ${this.#permitted}`,
      );
    }
    this.#permitted -= length;
  }

  #send(chunk: Uint8Array): void {
    const sink = this.#openSink();
    this.#failing(() => sink.write(chunk));
  }

  /** Throws if the sink has failed meanwhile. */
  #assertSound(): void {
    this.#capacity();
  }

  #capacity(): number {
    const sink = this.#openSink();
    return this.#failing(() => sink.capacity?.() ?? Infinity);
  }

  #failing<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      this[Symbol.dispose]();
      throw toStreamError(error);
    }
  }

  #openSink(): ByteSink {
    if (this.#sink === undefined) throw { tag: "closed" } satisfies StreamError;
    return this.#sink;
  }
}
