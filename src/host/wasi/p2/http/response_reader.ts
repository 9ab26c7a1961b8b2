import type { Socket } from "node:net";
import type { BodyDecoder } from "./body_decoder.ts";
import { MOST_HEAD_BYTES } from "./bounds.ts";
import { Condition } from "../io/condition.ts";
import { decoderFor } from "./decoder_for.ts";
import type { ErrorCode } from "./error_code.ts";
import { errorCodeOf } from "./error_code_of.ts";
import type { Field } from "./fields.ts";
import { HeadCollector } from "./head_collector.ts";
import { HttpFailure } from "./http_failure.ts";
import { HttpIoError } from "./http_io_error.ts";
import { parseResponseHead, type ResponseHead } from "./response_head.ts";

/** Options of {@linkcode ResponseReader}. All times are in ms; no limit if absent. */
export interface ResponseReaderOptions {
  /** The request's method, on which depends whether there is a body. */
  readonly method: string;
  /** How long the response's head may take. */
  readonly firstByteTimeout: number | undefined;
  /** How long the server may pause within the body. */
  readonly betweenBytesTimeout: number | undefined;
}

/**
 * Reads one response from a connection, and closes it then. It reads no further ahead than what the
 * socket's own buffer and one chunk hold.
 */
export class ResponseReader {
  /** When there is something of the body to read, its end or a failure included. */
  readonly readable = new Condition(() => this.#chunks.length > 0 || this.#isOver);

  readonly #socket: Socket;
  readonly #options: ResponseReaderOptions;
  readonly #head = Promise.withResolvers<ResponseHead>();
  #headBytes = 0;
  #collector = headCollector(MOST_HEAD_BYTES);
  /** Absent until the head is there. */
  #decoder: BodyDecoder | undefined;
  /** What was taken from the connection and not yet by the guest. */
  #chunks: Uint8Array[] = [];
  #isOver = false;
  #failure: ErrorCode | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Creates a reader.
   *
   * @param socket The connection, from which nothing was read.
   * @param options What else counts.
   */
  constructor(socket: Socket, options: ResponseReaderOptions) {
    this.#socket = socket;
    this.#options = options;
    // Whoever sent the request waits for it, but not before the request is sent.
    this.#head.promise.catch(() => {});
    this.#startTimer(options.firstByteTimeout);
    socket.on("readable", () => this.#pull());
    socket.on("end", () => this.#end());
    socket.on("error", (error: unknown) => this.#fail(errorCodeOf(error)));
    socket.on("close", () => this.#end());
  }

  /** Resolves to the response's head; rejects with an `HttpFailure` if there will be none. */
  get head(): Promise<ResponseHead> {
    return this.#head.promise;
  }

  /** Whether the response is read or has failed, so that its connection is closed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether {@linkcode read} would give bytes of the body. */
  get hasData(): boolean {
    return this.#chunks.length > 0;
  }

  /** Why the response has failed, if it has. */
  get failure(): ErrorCode | undefined {
    return this.#failure;
  }

  /** The trailer, once the body was read to its end. */
  get trailers(): readonly Field[] {
    return this.#decoder?.trailers ?? [];
  }

  /**
   * Takes the next bytes of the body, without waiting.
   *
   * @param limit How many bytes at most.
   * @returns The bytes; none if there are none yet, `undefined` at the end.
   * @throws {HttpIoError} If the body broke off.
   */
  read(limit: number): Uint8Array | undefined {
    const chunk = this.#chunks[0];
    if (chunk === undefined) {
      if (this.#failure !== undefined) throw new HttpIoError(this.#failure);
      return this.#isOver ? undefined : new Uint8Array();
    }
    if (chunk.length > limit) {
      this.#chunks[0] = chunk.subarray(limit);
      return chunk.subarray(0, limit);
    }
    this.#chunks.shift();
    if (this.#chunks.length === 0) this.#pull();
    return chunk;
  }

  /** Closes the connection; what was not read is lost. */
  close(): void {
    this.#isOver = true;
    this.#stopTimer();
    this.#socket.destroy();
  }

  #pull(): void {
    while (this.#chunks.length === 0 && !this.#isOver) {
      const chunk: Uint8Array | null = this.#socket.read();
      if (chunk === null) break;
      try {
        this.#take(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      } catch (error) {
        this.#fail(errorCodeOf(error));
      }
    }
    this.#watch();
    this.readable.changed();
  }

  #take(chunk: Uint8Array): void {
    const body = this.#decoder === undefined ? this.#takeHead(chunk) : chunk;
    if (this.#decoder === undefined || body === undefined) return;
    this.#stopTimer();
    this.#chunks.push(...this.#decoder.decode(body).filter((part) => part.length > 0));
    if (this.#decoder.done) this.close();
  }

  /** Gives what of the bytes is the body's, once the head is there. */
  #takeHead(chunk: Uint8Array): Uint8Array | undefined {
    let rest = chunk;
    while (true) {
      const collected = this.#collector.take(rest);
      if (collected === undefined) return undefined;
      const head = parseResponseHead(collected.block);
      rest = collected.rest;
      if (head.status >= 200) {
        this.#decoder = decoderFor(head, this.#options.method);
        this.#head.resolve(head);
        return rest;
      }
      // No guest may ask for an upgrade, so that none can be answered.
      if (head.status === 101) throw new HttpFailure({ tag: "HTTP-upgrade-failed" });
      this.#headBytes += collected.block.length;
      this.#collector = headCollector(MOST_HEAD_BYTES - this.#headBytes);
    }
  }

  #end(): void {
    if (this.#isOver) return;
    if (this.#decoder === undefined) {
      const tag = this.#collector.isEmpty ? "connection-terminated" : "HTTP-response-incomplete";
      return this.#fail({ tag });
    }
    try {
      this.#decoder.end();
      this.close();
    } catch (error) {
      this.#fail(errorCodeOf(error));
    }
    this.readable.changed();
  }

  #fail(code: ErrorCode): void {
    if (this.#isOver) return;
    this.#failure = code;
    this.#head.reject(new HttpFailure(code));
    this.close();
    this.readable.changed();
  }

  /** Counts the time only while it is the server who is waited for. */
  #watch(): void {
    const waiting = this.#decoder !== undefined && this.#chunks.length === 0 && !this.#isOver;
    if (waiting && this.#timer === undefined) this.#startTimer(this.#options.betweenBytesTimeout);
  }

  #startTimer(timeout: number | undefined): void {
    if (timeout === undefined) return;
    this.#timer = setTimeout(() => this.#fail({ tag: "connection-read-timeout" }), timeout);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function headCollector(most: number): HeadCollector {
  return new HeadCollector(
    most,
    () => new HttpFailure({ tag: "HTTP-response-header-section-size", val: MOST_HEAD_BYTES }),
  );
}
