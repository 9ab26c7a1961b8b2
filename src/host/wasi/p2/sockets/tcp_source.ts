import type { Socket } from "node:net";
import { Condition } from "../io/condition.ts";
import type { ByteSource } from "../io/byte_source.ts";
import { socketErrorCode } from "./socket_error.ts";
import { SocketIoError } from "./socket_io_error.ts";

const NOTHING = new Uint8Array();

/** What a connection receives. Reads ahead as much as the socket was made for, then waits. */
export class TcpSource implements ByteSource {
  /** When there is something to read, the end or an error included. */
  readonly readable = new Condition(() => this.#isReadable());
  readonly #socket: Socket;
  readonly #release: () => void;
  #isClosed = false;

  /**
   * Creates a source.
   *
   * @param socket The connection.
   * @param release Called when nobody reads any more.
   */
  constructor(socket: Socket, release: () => void) {
    this.#socket = socket;
    this.#release = release;
    const changed = () => this.readable.changed();
    socket.on("readable", () => this.#onReadable());
    socket.on("end", changed);
    socket.on("error", changed);
    socket.on("close", changed);
  }

  /**
   * Takes the next bytes, without waiting.
   *
   * @param limit How many bytes at most; at least 1.
   * @returns The bytes; none if there are none yet, `undefined` at the end.
   * @throws {SocketIoError} If the connection failed.
   */
  read(limit: number): Uint8Array | undefined {
    if (this.#isClosed) return undefined;
    const size = Math.min(limit, this.#socket.readableLength);
    const chunk: Uint8Array | null = size === 0 ? null : this.#socket.read(size);
    // Node tells the end only to who asks for more.
    if (this.#socket.readableLength === 0) this.#socket.read(0);
    if (chunk !== null) return new Uint8Array(chunk);
    const { errored } = this.#socket;
    if (errored !== null) throw new SocketIoError(socketErrorCode(errored));
    return this.#socket.readableEnded || this.#socket.destroyed ? undefined : NOTHING;
  }

  /** Ends the source for its reader; what was received and what comes is thrown away. */
  close(): void {
    this.#isClosed = true;
    this.#discard();
    this.readable.changed();
  }

  /** Says that nobody reads any more. */
  [Symbol.dispose](): void {
    this.#release();
  }

  #onReadable(): void {
    if (this.#isClosed) return this.#discard();
    if (this.#socket.readableLength === 0) this.#socket.read(0);
    this.readable.changed();
  }

  #discard(): void {
    while (this.#socket.read() !== null);
  }

  #isReadable(): boolean {
    return this.#isClosed || this.#socket.readableEnded || this.#socket.destroyed ||
      this.#socket.readableLength > 0;
  }
}
