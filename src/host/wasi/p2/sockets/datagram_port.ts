import type { RemoteInfo, Socket } from "node:dgram";
import { Condition } from "../io/condition.ts";
import {
  MOST_UNSENT_DATAGRAMS,
  MOST_WAITING_DATAGRAM_BYTES,
  MOST_WAITING_DATAGRAMS,
} from "./bounds.ts";
import type { Endpoint } from "./ip_address.ts";
import { type SocketErrorCode, socketErrorCode } from "./socket_error.ts";

/** A datagram, and who sent it. */
export interface Datagram {
  /** What it holds. */
  readonly data: Uint8Array;
  /** Who sent it. */
  readonly remote: Endpoint;
}

/** What a port is set to. */
export interface DatagramSettings {
  /** Over how many hops a datagram may go. */
  readonly hopLimit: number;
  /** The system's buffer for what was received, in bytes. */
  readonly receiveBuffer: number;
  /** The system's buffer for what is to be sent, in bytes. */
  readonly sendBuffer: number;
}

/** Options of {@linkcode DatagramPort.open}. */
export interface DatagramPortOptions {
  /** What the port is set to. */
  readonly settings: DatagramSettings;
  /** Decides whether a datagram is kept. */
  readonly accepts: (remote: Endpoint) => boolean;
  /** Ends the attempt, and closes the port. */
  readonly signal: AbortSignal;
}

/** A UDP port. What is not received in time is dropped, as everywhere with UDP. */
export class DatagramPort {
  /** When there is something to receive, or the port has failed. */
  readonly receivable = new Condition(() =>
    this.#waiting.length > 0 || this.#failure !== undefined
  );
  /** When the system may take another datagram, or the port has failed. */
  readonly sendable = new Condition(() => this.room > 0 || this.#failure !== undefined);
  /** Where it listens. */
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #accepts: (remote: Endpoint) => boolean;
  #waiting: Datagram[] = [];
  #waitingBytes = 0;
  #unsent = 0;
  #failure: SocketErrorCode | undefined;
  #isClosed = false;

  private constructor(socket: Socket, { accepts, signal }: DatagramPortOptions) {
    this.#socket = socket;
    this.#accepts = accepts;
    const { address, port } = socket.address();
    this.local = { host: address, port };
    socket.on("message", (data, remote) => this.#queue(data, remote));
    socket.on("error", (error) => this.#fail(socketErrorCode(error)));
    signal.addEventListener("abort", () => this.close(), { once: true });
    if (signal.aborted) this.close();
  }

  /**
   * Binds a port.
   *
   * @param local Where. The worker's permissions must cover it.
   * @param options What else counts.
   * @returns The port.
   * @throws {unknown} What Node's API failed with.
   */
  static async open(local: Endpoint, options: DatagramPortOptions): Promise<DatagramPort> {
    // Loaded with the first port, so that instances that have none do not pay for it. Deno's own
    // API for datagrams is unstable, and not there without a flag.
    const { createSocket } = await import("node:dgram");
    options.signal.throwIfAborted();
    const socket = local.host.includes(":")
      ? createSocket({ type: "udp6", ipv6Only: true })
      : createSocket({ type: "udp4" });
    await new Promise<void>((resolve, reject) => {
      // Never taken off: an error that nobody listens to would end the worker.
      socket.on("error", (error) => {
        reject(error);
        if (socket.listenerCount("message") === 0) socket.close();
      });
      socket.bind({ address: local.host, port: local.port }, resolve);
    });
    const port = new DatagramPort(socket, options);
    port.set(options.settings);
    return port;
  }

  /** Sets what the system does with the port. */
  set({ hopLimit, receiveBuffer, sendBuffer }: DatagramSettings): void {
    if (this.#isClosed) return;
    this.#socket.setTTL(hopLimit);
    this.#socket.setRecvBufferSize(receiveBuffer);
    this.#socket.setSendBufferSize(sendBuffer);
  }

  /** How many datagrams may be sent now. */
  get room(): number {
    return MOST_UNSENT_DATAGRAMS - this.#unsent;
  }

  /**
   * Takes the datagrams that have waited longest.
   *
   * @param most How many at most.
   * @returns The datagrams.
   */
  receive(most: number): readonly Datagram[] {
    const taken = this.#waiting.splice(0, most);
    for (const { data } of taken) this.#waitingBytes -= data.length;
    return taken;
  }

  /** Drops the datagrams that are waiting and do not come from one peer. */
  keepOnly(remote: Endpoint): void {
    this.#waiting = this.#waiting.filter((one) =>
      one.remote.host === remote.host && one.remote.port === remote.port
    );
    this.#waitingBytes = this.#waiting.reduce((sum, { data }) => sum + data.length, 0);
  }

  /**
   * Hands a datagram to the system.
   *
   * @param data What it holds.
   * @param remote Where it goes.
   */
  send(data: Uint8Array, remote: Endpoint): void {
    this.#unsent += 1;
    this.#socket.send(data, remote.port, remote.host, (error) => {
      this.#unsent -= 1;
      if (error) this.#fail(socketErrorCode(error));
      this.sendable.changed();
    });
  }

  /**
   * Tells what went wrong since it was last asked: the system says so only afterwards.
   *
   * @throws The error, as a `SocketErrorCode`.
   */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  /** Closes the port. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
    this.#waiting = [];
  }

  #queue(data: Uint8Array, { address, port }: RemoteInfo): void {
    const remote = { host: address.replace(/%.*$/, ""), port };
    if (
      this.#isClosed || this.#waiting.length >= MOST_WAITING_DATAGRAMS ||
      this.#waitingBytes + data.length > MOST_WAITING_DATAGRAM_BYTES || !this.#accepts(remote)
    ) return;
    this.#waiting.push({ data: new Uint8Array(data), remote });
    this.#waitingBytes += data.length;
    this.receivable.changed();
  }

  #fail(code: SocketErrorCode): void {
    this.#failure = code;
    this.receivable.changed();
    this.sendable.changed();
  }
}
