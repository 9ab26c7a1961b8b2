/** The variant `wasi:http/types.error-code`: why a request, or its body, came to nothing. */
export type ErrorCode =
  | { readonly tag: PlainErrorTag }
  | { readonly tag: "DNS-error"; readonly val: DnsErrorPayload }
  | { readonly tag: "HTTP-request-body-size"; readonly val: bigint | undefined }
  | { readonly tag: SectionSizeTag; readonly val: number | undefined }
  | { readonly tag: "HTTP-response-transfer-coding"; readonly val: string | undefined }
  | { readonly tag: "internal-error"; readonly val: string | undefined };

/** The cases without a value that this host answers with. */
type PlainErrorTag =
  | "DNS-timeout"
  | "HTTP-protocol-error"
  | "HTTP-request-URI-invalid"
  | "HTTP-request-URI-too-long"
  | "HTTP-request-denied"
  | "HTTP-request-method-invalid"
  | "HTTP-response-incomplete"
  | "HTTP-upgrade-failed"
  | "TLS-certificate-error"
  | "TLS-protocol-error"
  | "connection-limit-reached"
  | "connection-read-timeout"
  | "connection-refused"
  | "connection-terminated"
  | "connection-timeout"
  | "destination-IP-prohibited"
  | "destination-IP-unroutable"
  | "destination-unavailable";

/** The cases whose value is the number of bytes that were too many. */
type SectionSizeTag = "HTTP-response-header-section-size" | "HTTP-response-trailer-section-size";

/** The record `wasi:http/types.DNS-error-payload`. */
interface DnsErrorPayload {
  /** The resolver's answer, such as `NXDOMAIN`. */
  readonly rcode: string | undefined;
  /** The extended error code of RFC 8914. */
  readonly infoCode: number | undefined;
}
