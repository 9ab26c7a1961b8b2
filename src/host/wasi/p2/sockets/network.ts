import type { HostInterface } from "../../../host_interface.ts";

/** The resource `wasi:sockets/network.network`. Having it opens nothing. */
export class Network {}

/** `wasi:sockets/network`. */
export const network: HostInterface = {
  id: "wasi:sockets/network",
  // No stream of this host comes from a socket, so no stream's error has a network error code.
  create: () => ({ Network, networkErrorCode: () => undefined }),
};
