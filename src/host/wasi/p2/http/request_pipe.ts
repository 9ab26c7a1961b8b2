import type { Writable } from "node:stream";
import type { ByteSink } from "../io/byte_sink.ts";
import { MOST_UNSENT_BYTES } from "./bounds.ts";
import { Condition } from "../io/condition.ts";
import type { ErrorCode } from "./error_code.ts";
import type { Field } from "./fields.ts";
import { HttpFailure } from "./http_failure.ts";
import { HttpIoError } from "./http_io_error.ts";
import { joinBytes } from "./join_bytes.ts";
import { writeFields } from "./write_fields.ts";

/** How a body's end is told to the server. */
export type BodyFraming = "sized" | "chunked";

/**
 * A request's body on its way from the guest to the server. What is written before there is a
 * connection waits here.
 */
export class RequestPipe implements ByteSink {
  /** When more may be written, or the body has failed. */
  readonly writable = new Condition(() =>
    this.#failure !== undefined || this.#unsent < MOST_UNSENT_BYTES
  );
  /** When everything written was given to the system, or the body has failed. */
  readonly flushed = new Condition(() => this.#failure !== undefined || this.#unsent === 0);
  /** When the first byte was written, or it is known that none will be. */
  readonly begun = new Condition(() =>
    this.#failure !== undefined || this.#finished || this.#written > 0
  );

  readonly #declared: number | undefined;
  #written = 0;
  #unsent = 0;
  #queue: Uint8Array[] = [];
  #finished = false;
  #trailers: readonly Field[] = [];
  #failure: ErrorCode | undefined;
  #socket: Writable | undefined;
  #framing: BodyFraming = "sized";

  /**
   * Creates a pipe.
   *
   * @param declared How many bytes the body has, as its `content-length` says; `undefined` if it
   * says nothing.
   */
  constructor(declared: number | undefined) {
    this.#declared = declared;
  }

  /** How many bytes the body has, once it is finished. */
  get length(): number | undefined {
    return this.#finished ? this.#written : undefined;
  }

  /** Whether the body was finished with a trailer. */
  get hasTrailers(): boolean {
    return this.#trailers.length > 0;
  }

  /**
   * Tells how many bytes may be written now.
   *
   * @throws {HttpIoError} If the body has failed.
   */
  capacity(): number {
    this.#assertSound();
    return Math.max(0, MOST_UNSENT_BYTES - this.#unsent);
  }

  /**
   * Takes a part of the body.
   *
   * @param chunk The bytes, the pipe's to keep.
   * @throws {HttpIoError} If the body has failed, or `content-length` promised less.
   */
  write(chunk: Uint8Array): void {
    this.#assertSound();
    if (chunk.length === 0) return;
    this.#written += chunk.length;
    if (this.#declared !== undefined && this.#written > this.#declared) {
      const code = this.#sizeError();
      this.abort(code);
      throw new HttpIoError(code);
    }
    this.#unsent += chunk.length;
    if (this.#socket === undefined) this.#queue.push(chunk);
    else this.#send(this.#socket, chunk);
    this.begun.changed();
  }

  /**
   * Ends the body.
   *
   * @param trailers The trailer's fields.
   * @throws {HttpFailure} `HTTP-request-body-size` if `content-length` promised more, and
   * `HTTP-protocol-error` for a trailer where `content-length` leaves no room for it.
   */
  finish(trailers: readonly Field[]): void {
    if (this.#failure?.tag === "HTTP-request-body-size") throw new HttpFailure(this.#failure);
    // Nobody needs the body any more; what came of the request, its future tells.
    if (this.#failure !== undefined) return;
    const problem = this.#declared === undefined
      ? undefined
      : this.#declared !== this.#written
      ? this.#sizeError()
      : trailers.length > 0
      ? { tag: "HTTP-protocol-error" } as const
      : undefined;
    if (problem !== undefined) {
      this.abort(problem);
      throw new HttpFailure(problem);
    }
    this.#finished = true;
    this.#trailers = trailers;
    if (this.#socket !== undefined) this.#sendEnd(this.#socket);
    this.begun.changed();
  }

  /**
   * Breaks off the body, and with it the request.
   *
   * @param code Why.
   */
  abort(code: ErrorCode): void {
    if (this.#finished) return;
    this.fail(code);
    this.#socket?.destroy(new HttpFailure(code));
  }

  /**
   * Lets everything that the guest still does with the body fail.
   *
   * @param code Why.
   */
  fail(code: ErrorCode): void {
    if (this.#failure !== undefined) return;
    this.#failure = code;
    this.#queue = [];
    for (const condition of [this.writable, this.flushed, this.begun]) condition.changed();
  }

  /**
   * Sends what has been written, and from now on whatever is written.
   *
   * @param socket The connection, over which the request's head was sent.
   * @param framing How the head says that the body ends.
   * @throws {HttpFailure} If the body has failed.
   */
  attach(socket: Writable, framing: BodyFraming): void {
    if (this.#failure !== undefined) throw new HttpFailure(this.#failure);
    this.#socket = socket;
    this.#framing = framing;
    for (const chunk of this.#queue) this.#send(socket, chunk);
    this.#queue = [];
    if (this.#finished) this.#sendEnd(socket);
  }

  #send(socket: Writable, chunk: Uint8Array): void {
    const framed = this.#framing === "sized"
      ? chunk
      : joinBytes([`${chunk.length.toString(16)}\r\n`, chunk, "\r\n"]);
    socket.write(framed, () => {
      this.#unsent -= chunk.length;
      this.writable.changed();
      this.flushed.changed();
    });
  }

  #sendEnd(socket: Writable): void {
    if (this.#framing === "sized") return;
    socket.write(joinBytes(["0\r\n", ...writeFields(this.#trailers), "\r\n"]));
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw new HttpIoError(this.#failure);
  }

  #sizeError(): ErrorCode {
    return { tag: "HTTP-request-body-size", val: BigInt(this.#written) };
  }
}
