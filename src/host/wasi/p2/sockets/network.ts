import type { HostInterface } from "../../../host_interface.ts";
import type { IoError } from "../io/io_error.ts";
import type { SocketErrorCode } from "./socket_error.ts";
import { SocketIoError } from "./socket_io_error.ts";

/** The resource `wasi:sockets/network.network`. Having it opens nothing: there is only one. */
export class Network {}

/** `wasi:sockets/network`. */
export const network: HostInterface = {
  id: "wasi:sockets/network",
  create: () => ({ Network, networkErrorCode }),
};

function networkErrorCode(error: IoError): SocketErrorCode | undefined {
  return error instanceof SocketIoError ? error.code : undefined;
}
