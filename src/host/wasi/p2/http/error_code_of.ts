import type { ErrorCode } from "./error_code.ts";
import { HttpFailure } from "./http_failure.ts";

/** The codes of Node's errors that have a code in WASI. */
const BY_NODE_CODE: Readonly<Record<string, ErrorCode>> = {
  EADDRNOTAVAIL: { tag: "destination-unavailable" },
  EAI_AGAIN: { tag: "DNS-timeout" },
  ECONNABORTED: { tag: "connection-terminated" },
  ECONNREFUSED: { tag: "connection-refused" },
  ECONNRESET: { tag: "connection-terminated" },
  EHOSTUNREACH: { tag: "destination-IP-unroutable" },
  ENETUNREACH: { tag: "destination-IP-unroutable" },
  ENOTFOUND: { tag: "DNS-error", val: { rcode: undefined, infoCode: undefined } },
  EPIPE: { tag: "connection-terminated" },
  // What Deno's own permissions deny: of a name, and of an address.
  EPERM: { tag: "HTTP-request-denied" },
  ETIMEDOUT: { tag: "connection-timeout" },
};

/** What goes wrong in the handshake itself, alerts of the server included. */
const HANDSHAKE = /SSL_|EPROTO/;
/** What Node calls a certificate that it does not trust, or that is another host's. */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER|CRL|CA_|CHAIN/;

/**
 * Tells in WASI's words why a connection failed.
 *
 * @param error What the connection, or the host's own code, failed with.
 * @returns The error code. It holds nothing of the error's text, which may name things of the host.
 */
export function errorCodeOf(error: unknown): ErrorCode {
  if (error instanceof HttpFailure) return error.code;
  if (error instanceof Deno.errors.NotCapable) return { tag: "HTTP-request-denied" };
  const nodeCode = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = BY_NODE_CODE[nodeCode];
  if (known !== undefined) return known;
  if (HANDSHAKE.test(nodeCode)) return { tag: "TLS-protocol-error" };
  if (CERTIFICATE.test(nodeCode)) return { tag: "TLS-certificate-error" };
  return { tag: "internal-error", val: nodeCode === "" ? undefined : nodeCode };
}
