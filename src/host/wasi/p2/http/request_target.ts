import { MOST_PATH_BYTES } from "./bounds.ts";
import { HttpFailure } from "./http_failure.ts";
import type { Scheme } from "./outgoing_request.ts";

/** Where a request goes, read once: what the policy checks is what is connected to. */
export interface RequestTarget {
  /** What is spoken. */
  readonly scheme: "http" | "https";
  /** The host in its canonical spelling; IPv6 without brackets. */
  readonly host: string;
  /** The port, with the scheme's default filled in. */
  readonly port: number;
  /** The host, and the port where it is not the scheme's default, as the `host` header says it. */
  readonly authority: string;
  /** The path and query, as they stand in the request line. */
  readonly path: string;
}

/** The parts of a request that say where it goes. */
export interface TargetParts {
  /** The scheme; `https` if absent. */
  readonly scheme: Scheme | undefined;
  /** The host, with or without a port. */
  readonly authority: string;
  /** The path and query; `/` if absent. */
  readonly pathWithQuery: string | undefined;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** What would make the URL parser see something else than a host and a port. */
const NOT_IN_AUTHORITY = /[@/\\?#]/;

/** Visible ASCII without `#`, which would begin a fragment. */
const PATH = /^[\x21\x22\x24-\x7e]*$/;

/**
 * Reads where a request goes.
 *
 * @param parts What the guest set.
 * @returns The target.
 * @throws {HttpFailure} `HTTP-protocol-error` for a scheme that is not of HTTP,
 * `HTTP-request-URI-invalid` for user information and whatever else cannot be, and
 * `HTTP-request-URI-too-long`.
 */
export function requestTarget(parts: TargetParts): RequestTarget {
  const scheme = schemeOf(parts.scheme);
  const url = NOT_IN_AUTHORITY.test(parts.authority)
    ? null
    : URL.parse(`${scheme}://${parts.authority}/`);
  if (url === null || url.hostname === "" || url.port === "0") throw invalid();
  return {
    scheme,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? DEFAULT_PORTS[scheme] : Number(url.port),
    authority: url.host,
    path: pathOf(parts.pathWithQuery ?? ""),
  };
}

function schemeOf(scheme: Scheme | undefined): "http" | "https" {
  switch (scheme?.tag) {
    case "HTTP":
      return "http";
    case undefined:
    case "HTTPS":
      return "https";
    case "other":
      throw new HttpFailure({ tag: "HTTP-protocol-error" });
  }
}

function pathOf(pathWithQuery: string): string {
  if (pathWithQuery.length > MOST_PATH_BYTES) {
    throw new HttpFailure({ tag: "HTTP-request-URI-too-long" });
  }
  if (!PATH.test(pathWithQuery)) throw invalid();
  if (pathWithQuery === "" || pathWithQuery.startsWith("?")) return `/${pathWithQuery}`;
  if (pathWithQuery.startsWith("/")) return pathWithQuery;
  throw invalid();
}

function invalid(): HttpFailure {
  return new HttpFailure({ tag: "HTTP-request-URI-invalid" });
}
