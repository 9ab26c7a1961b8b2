import type { Server, Socket } from "node:net";
import { Condition } from "../io/condition.ts";
import { MOST_BACKLOG } from "./bounds.ts";
import type { InstanceSockets } from "./instance_sockets.ts";
import type { Endpoint } from "./ip_address.ts";

/** A connection that waits to be accepted. */
interface Waiting {
  readonly socket: Socket;
  readonly closed: () => void;
}

/**
 * A port that takes connections. Neither Deno nor Node can bind a TCP socket and not listen, so one
 * that is only bound takes connections already.
 */
export class TcpListener {
  /** When there is something to accept, or the listener is closed. */
  readonly acceptable = new Condition(() => this.#waiting.length > 0 || !this.#server.listening);
  /** Where it listens. */
  readonly local: Endpoint;
  readonly #server: Server;
  readonly #sockets: InstanceSockets;
  #waiting: Waiting[] = [];
  #backlog = MOST_BACKLOG;

  private constructor(server: Server, local: Endpoint, sockets: InstanceSockets) {
    this.#server = server;
    this.local = local;
    this.#sockets = sockets;
    server.on("connection", (socket) => this.#queue(socket));
  }

  /**
   * Starts to listen.
   *
   * @param local Where. The worker's permissions must cover it.
   * @param options The instance's sockets, and what ends the attempt.
   * @returns The listener.
   * @throws {unknown} What Node's API failed with.
   */
  static async open(
    local: Endpoint,
    options: { readonly sockets: InstanceSockets; readonly signal: AbortSignal },
  ): Promise<TcpListener> {
    // Loaded with the first listener, so that instances that have none do not pay for it.
    const { createServer } = await import("node:net");
    const { sockets, signal } = options;
    signal.throwIfAborted();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      // Never taken off: an error that nobody listens to would end the worker.
      server.on("error", reject);
      server.once("close", () => reject(signal.reason));
      server.listen({ ...local, backlog: MOST_BACKLOG, signal }, resolve);
    });
    const bound = server.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : local.port;
    const listener = new TcpListener(server, { host: local.host, port }, sockets);
    signal.addEventListener("abort", () => void listener.close(), { once: true });
    return listener;
  }

  /**
   * Bounds how many connections wait to be accepted; more are closed.
   *
   * @param backlog How many; at least 1.
   */
  setBacklog(backlog: number): void {
    this.#backlog = Math.min(backlog, MOST_BACKLOG);
  }

  /**
   * Takes the connection that has waited longest.
   *
   * @returns The connection; `undefined` if none waits.
   */
  accept(): Socket | undefined {
    const first = this.#waiting[0];
    if (first === undefined) return undefined;
    this.#remove(first);
    return first.socket;
  }

  /**
   * Stops listening, and closes what nobody has accepted.
   *
   * @returns When the port is free again.
   */
  close(): Promise<void> {
    for (const waiting of this.#waiting) {
      this.#remove(waiting);
      waiting.socket.destroy();
    }
    const closed = Promise.withResolvers<void>();
    // An error means that it was closed before.
    this.#server.close(() => closed.resolve());
    this.acceptable.changed();
    return closed.promise;
  }

  #queue(socket: Socket): void {
    // An error that nobody listens to would end the worker.
    socket.on("error", () => this.acceptable.changed());
    // Sockets of WASI are never dual-stack, but Deno listens for both kinds where it is told not to.
    const isMapped = socket.remoteAddress?.startsWith("::ffff:") ?? false;
    if (isMapped || this.#waiting.length >= this.#backlog || this.#sockets.isFull) {
      socket.destroy();
      return;
    }
    const closed = this.#sockets.open(() => socket.destroy());
    const waiting = { socket, closed };
    socket.once("close", () => this.#remove(waiting));
    this.#waiting.push(waiting);
    this.acceptable.changed();
  }

  #remove(waiting: Waiting): void {
    waiting.closed();
    this.#waiting = this.#waiting.filter((one) => one !== waiting);
  }
}
