import { guestTrap } from "../../../guest_trap.ts";
import type { ByteSink } from "./byte_sink.ts";
import type { InputStream } from "./input_stream.ts";
import { Pollable } from "./pollable.ts";
import { type StreamError, toStreamError } from "./stream_error.ts";

/** How many bytes one `check-write` permits. */
const PERMIT = 65_536n;

/** The most that the WIT text allows `blocking-write-zeroes-and-flush` to write. */
const MOST_ZEROES = 4_096n;

/** The resource `wasi:io/streams.output-stream`. */
export class OutputStream {
  /** Absent once the sink has failed. */
  #sink: ByteSink | undefined;
  #permitted = 0n;

  /**
   * Creates a stream.
   *
   * @param sink Where the bytes go.
   */
  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /**
   * Asks how much may be written.
   *
   * @returns How many bytes the next writes may have together.
   * @throws `StreamError`
   */
  checkWrite(): bigint {
    this.#openSink();
    this.#permitted = PERMIT;
    return PERMIT;
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

  /** Writes bytes, any number of them, and waits until they are out. */
  blockingWriteAndFlush(contents: Uint8Array): void {
    this.#send(contents);
  }

  /** Asks for buffered bytes to be sent; nothing is ever buffered here. */
  flush(): void {
    this.#openSink();
  }

  /** Waits until buffered bytes are sent; nothing is ever buffered here. */
  blockingFlush(): void {
    this.#openSink();
  }

  /** Makes a pollable that is ready when {@linkcode checkWrite} permits at least one byte. */
  subscribe(): Pollable {
    return new Pollable();
  }

  /** Writes zeroes, under the same rule as {@linkcode write}. */
  writeZeroes(length: bigint): void {
    this.#spend(length);
    this.#send(new Uint8Array(Number(length)));
  }

  /** Writes up to 4,096 zeroes and waits until they are out. */
  blockingWriteZeroesAndFlush(length: bigint): void {
    if (length > MOST_ZEROES) {
      throw guestTrap(
        `blocking-write-zeroes-and-flush of ${length} bytes exceeds ${MOST_ZEROES}`,
      );
    }
    this.#send(new Uint8Array(Number(length)));
  }

  /**
   * Moves bytes from an input stream to this one.
   *
   * @param source The stream to read from.
   * @param length How many bytes at most.
   * @returns How many bytes were moved.
   * @throws `StreamError`
   */
  splice(source: InputStream, length: bigint): bigint {
    const permitted = this.checkWrite();
    const chunk = source.read(length < permitted ? length : permitted);
    this.write(chunk);
    return BigInt(chunk.length);
  }

  /** Moves at least one byte; see {@linkcode splice}. */
  blockingSplice(source: InputStream, length: bigint): bigint {
    return this.splice(source, length);
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
    try {
      sink.write(chunk);
    } catch (error) {
      this.#sink = undefined;
      throw toStreamError(error);
    }
  }

  #openSink(): ByteSink {
    if (this.#sink === undefined) {
      throw { tag: "closed" } satisfies StreamError;
    }
    return this.#sink;
  }
}
