import type { Socket } from "node:net";
import { Condition } from "../io/condition.ts";
import type { ByteSink } from "../io/byte_sink.ts";
import type { StreamError } from "../io/stream_error.ts";
import { SEND_BUFFER } from "./bounds.ts";
import { socketErrorCode } from "./socket_error.ts";
import { SocketIoError } from "./socket_io_error.ts";

/** What a connection sends. */
export class TcpSink implements ByteSink {
  /** When more may be written, or it has failed. */
  readonly writable = new Condition(() => this.#isOver() || this.#room() > 0);
  /** When the system has taken everything, or it has failed. */
  readonly flushed = new Condition(() => this.#isOver() || this.#socket.writableLength === 0);
  readonly #socket: Socket;
  readonly #release: () => void;
  #isClosed = false;

  /**
   * Creates a sink.
   *
   * @param socket The connection.
   * @param release Called when nobody writes any more.
   */
  constructor(socket: Socket, release: () => void) {
    this.#socket = socket;
    this.#release = release;
    socket.on("error", () => this.#changed());
    socket.on("close", () => this.#changed());
  }

  /**
   * Tells how many bytes may be written now.
   *
   * @throws {SocketIoError} If the connection failed.
   * @throws {StreamError} `closed` after {@linkcode TcpSink.close}.
   */
  capacity(): number {
    this.#assertOpen();
    return this.#room();
  }

  /**
   * Takes bytes.
   *
   * @param chunk The bytes, the sink's to keep.
   * @throws {SocketIoError} If the connection failed.
   * @throws {StreamError} `closed` after {@linkcode TcpSink.close}.
   */
  write(chunk: Uint8Array): void {
    this.#assertOpen();
    this.#socket.write(chunk, () => this.#changed());
  }

  /** Tells the peer that nothing more comes, once what was written is out. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.end();
    this.#changed();
  }

  /** Says that nobody writes any more. */
  [Symbol.dispose](): void {
    this.#release();
  }

  #assertOpen(): void {
    const { errored } = this.#socket;
    if (errored !== null) throw new SocketIoError(socketErrorCode(errored));
    if (this.#isOver()) throw { tag: "closed" } satisfies StreamError;
  }

  #isOver(): boolean {
    return this.#isClosed || this.#socket.destroyed;
  }

  #room(): number {
    return Math.max(0, SEND_BUFFER - this.#socket.writableLength);
  }

  #changed(): void {
    this.writable.changed();
    this.flushed.changed();
  }
}
