/** The cases of `wasi:sockets/network.error-code` that this host answers with. */
export type SocketErrorCode = "access-denied";

/** The cases of `wasi:sockets/network.ip-address-family`. */
export type IpAddressFamily = "ipv4" | "ipv6";

/**
 * Refuses whatever a guest wants of a socket.
 *
 * @throws `access-denied`
 */
export function denySocket(): never {
  throw "access-denied" satisfies SocketErrorCode;
}
