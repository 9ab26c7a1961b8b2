import { Pollable } from "../io/pollable.ts";
import { denySocket, type IpAddressFamily } from "./deny_socket.ts";

/**
 * The resource `wasi:sockets/tcp.tcp-socket`. A guest may make one, as a first step that reaches
 * nothing; whatever it then wants of it is denied.
 */
export class TcpSocket {
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

  /** Tells whether the socket is listening; it never is. */
  isListening(): boolean {
    return false;
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
  startConnect(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  finishConnect(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  startListen(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  finishListen(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  accept(): never {
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
  setListenBacklogSize(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  keepAliveEnabled(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setKeepAliveEnabled(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  keepAliveIdleTime(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setKeepAliveIdleTime(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  keepAliveInterval(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setKeepAliveInterval(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  keepAliveCount(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setKeepAliveCount(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  hopLimit(): never {
    return denySocket();
  }

  /** Answers `access-denied`. */
  setHopLimit(): never {
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

  /** Answers `access-denied`. */
  shutdown(): never {
    return denySocket();
  }
}
