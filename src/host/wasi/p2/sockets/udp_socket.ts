import { Pollable } from "../io/pollable.ts";
import { denySocket, type IpAddressFamily } from "./deny_socket.ts";

/**
 * The resource `wasi:sockets/udp.udp-socket`. A guest may make one, as a first step that reaches
 * nothing; whatever it then wants of it is denied.
 */
export class UdpSocket {
  readonly #family: IpAddressFamily;

  /**
   * Creates a socket.
   *
   * @param family Which kind of addresses it is for.
   */
  constructor(family: IpAddressFamily) {
    this.#family = family;
  }

  /** Tells which kind of addresses the socket is for. */
  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  /** Makes a pollable; it is always ready, since nothing is ever in progress. */
  subscribe(): Pollable {
    return new Pollable();
  }

  /** Answers `access-denied`. */
  startBind(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  finishBind(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  stream(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  localAddress(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  remoteAddress(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  unicastHopLimit(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setUnicastHopLimit(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  receiveBufferSize(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setReceiveBufferSize(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  sendBufferSize(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setSendBufferSize(): never {
    return denySocket();
  }
}
