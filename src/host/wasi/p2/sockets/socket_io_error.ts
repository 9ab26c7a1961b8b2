import { IoError } from "../io/io_error.ts";
import type { SocketErrorCode } from "./socket_error.ts";

/** Why a stream of a connection failed, so that `network-error-code` can say it. */
export class SocketIoError extends IoError {
  /** The case of `wasi:sockets/network.error-code`. */
  readonly code: SocketErrorCode;

  /**
   * Creates an error.
   *
   * @param code What happened.
   */
  constructor(code: SocketErrorCode) {
    super(`The connection failed: ${code}`);
    this.code = code;
  }
}
