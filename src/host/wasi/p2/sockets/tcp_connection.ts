import type { Socket } from "node:net";
import type { Endpoint } from "./ip_address.ts";
import { TcpSink } from "./tcp_sink.ts";
import { TcpSource } from "./tcp_source.ts";

/** The cases of `wasi:sockets/tcp.shutdown-type`. */
export type ShutdownType = "receive" | "send" | "both";

/** A TCP connection. It is open until the socket and both of its streams have been dropped. */
export class TcpConnection {
  /** What it receives. */
  readonly source: TcpSource;
  /** What it sends. */
  readonly sink: TcpSink;
  /** The guest's end. */
  readonly local: Endpoint;
  /** The peer's end. */
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #users = new Set(["socket", "source", "sink"]);

  /**
   * Takes over a connection.
   *
   * @param socket The connection, which is established.
   * @param onClosed Called when it is closed.
   */
  constructor(socket: Socket, onClosed: () => void) {
    this.#socket = socket;
    // The peer may have reset it already: then the addresses are gone.
    this.local = { host: socket.localAddress ?? "0.0.0.0", port: socket.localPort ?? 0 };
    this.remote = { host: socket.remoteAddress ?? "0.0.0.0", port: socket.remotePort ?? 0 };
    this.source = new TcpSource(socket, () => this.release("source"));
    this.sink = new TcpSink(socket, () => this.release("sink"));
    if (socket.closed) onClosed();
    else socket.once("close", onClosed);
  }

  /**
   * Sets how the system finds out that the peer is gone.
   *
   * @param enabled Whether it asks the peer from time to time.
   * @param idle For how long (ms) nothing was received before it asks.
   */
  keepAlive(enabled: boolean, idle: number): void {
    if (!this.#socket.destroyed) this.#socket.setKeepAlive(enabled, idle);
  }

  /** Ends one or both directions, and leaves the connection open. */
  shutdown(how: ShutdownType): void {
    if (how !== "send") this.source.close();
    if (how !== "receive") this.sink.close();
  }

  /**
   * Says that one of the three that share the connection needs it no more. After the last of them
   * it is closed, as soon as what was written is out.
   *
   * @param user Which of them.
   */
  release(user: "socket" | "source" | "sink"): void {
    this.#users.delete(user);
    if (this.#users.size === 0) this.#socket.destroySoon();
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }
}
