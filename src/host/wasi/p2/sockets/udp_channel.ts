import type { DatagramPort } from "./datagram_port.ts";
import type { InstanceSockets } from "./instance_sockets.ts";
import type { Endpoint, IpAddressFamily } from "./ip_address.ts";
import type { SocketErrorCode } from "./socket_error.ts";

/** What the two streams of one call of `stream` share. */
export class UdpChannel {
  /** Which kind of addresses the socket is for. */
  readonly family: IpAddressFamily;
  /** The instance's sockets. */
  readonly sockets: InstanceSockets;
  /** The only peer; absent where there may be any. */
  readonly remote: Endpoint | undefined;
  readonly #port: DatagramPort;
  #isOpen = true;

  /**
   * Creates a channel.
   *
   * @param port The socket's port.
   * @param socket The socket's family, the instance's sockets, and the only peer if there is one.
   */
  constructor(
    port: DatagramPort,
    socket: {
      readonly family: IpAddressFamily;
      readonly sockets: InstanceSockets;
      readonly remote: Endpoint | undefined;
    },
  ) {
    this.#port = port;
    this.family = socket.family;
    this.sockets = socket.sockets;
    this.remote = socket.remote;
  }

  /**
   * Gives the port.
   *
   * @throws `invalid-state` if the socket was dropped, or has newer streams.
   */
  get port(): DatagramPort {
    if (!this.#isOpen) throw "invalid-state" satisfies SocketErrorCode;
    return this.#port;
  }

  /** Ends the use of both streams. */
  close(): void {
    this.#isOpen = false;
    this.#port.receivable.changed();
    this.#port.sendable.changed();
  }
}
