/**
 * What goes wrong with sockets, in WASI's words.
 *
 * @module
 */

/** The cases of `wasi:sockets/network.error-code`. */
export type SocketErrorCode =
  | "unknown"
  | "access-denied"
  | "not-supported"
  | "invalid-argument"
  | "out-of-memory"
  | "timeout"
  | "concurrency-conflict"
  | "not-in-progress"
  | "would-block"
  | "invalid-state"
  | "new-socket-limit"
  | "address-not-bindable"
  | "address-in-use"
  | "remote-unreachable"
  | "connection-refused"
  | "connection-reset"
  | "connection-aborted"
  | "datagram-too-large"
  | "name-unresolvable"
  | "temporary-resolver-failure"
  | "permanent-resolver-failure";

const CODES: ReadonlyMap<string, SocketErrorCode> = new Map([
  ["EACCES", "access-denied"],
  ["EPERM", "access-denied"],
  ["EOPNOTSUPP", "not-supported"],
  ["EAFNOSUPPORT", "not-supported"],
  ["EINVAL", "invalid-argument"],
  ["ENOMEM", "out-of-memory"],
  ["ENOBUFS", "out-of-memory"],
  ["ETIMEDOUT", "timeout"],
  ["EMFILE", "new-socket-limit"],
  ["ENFILE", "new-socket-limit"],
  ["EADDRNOTAVAIL", "address-not-bindable"],
  ["EADDRINUSE", "address-in-use"],
  ["EHOSTUNREACH", "remote-unreachable"],
  ["EHOSTDOWN", "remote-unreachable"],
  ["ENETUNREACH", "remote-unreachable"],
  ["ENETDOWN", "remote-unreachable"],
  ["ENONET", "remote-unreachable"],
  // The name has other addresses now than the one that was checked.
  ["ERR_IP_BLOCKED", "remote-unreachable"],
  ["ECONNREFUSED", "connection-refused"],
  ["ECONNRESET", "connection-reset"],
  // The peer reset the connection before this write.
  ["EPIPE", "connection-reset"],
  ["ECONNABORTED", "connection-aborted"],
  ["EMSGSIZE", "datagram-too-large"],
  ["ENOTFOUND", "name-unresolvable"],
  ["ENODATA", "name-unresolvable"],
  ["EAI_AGAIN", "temporary-resolver-failure"],
  ["EAI_FAIL", "permanent-resolver-failure"],
]);

/**
 * Says in WASI's words what Node's API failed with.
 *
 * @param error What was thrown or emitted.
 * @returns The code; `unknown` if no case fits.
 */
export function socketErrorCode(error: unknown): SocketErrorCode {
  if (error instanceof Deno.errors.NotCapable) return "access-denied";
  // One attempt for each address of a name: those that were blocked say nothing.
  if (error instanceof AggregateError) {
    const codes = error.errors.map(nodeCode).filter((code) => code !== "ERR_IP_BLOCKED");
    return CODES.get(codes[0] ?? "ERR_IP_BLOCKED") ?? "unknown";
  }
  return CODES.get(nodeCode(error)) ?? "unknown";
}

function nodeCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
