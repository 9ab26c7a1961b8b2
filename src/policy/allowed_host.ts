/**
 * One entry of `allowed_outbound_hosts`: `scheme://host[:port][/]`.
 *
 * @module
 */

import { GyreError } from "../errors.ts";
import { canonicalHost } from "./canonical_host.ts";
import { type IpNetwork, networkAround, parseIpAddress } from "./ip_network.ts";

/** Which hosts an entry stands for. */
export type HostPattern =
  | { readonly kind: "any" }
  /** The application itself, by requests without a host of their own. */
  | { readonly kind: "self" }
  /** Every name under a domain, at any depth, without the domain itself. */
  | { readonly kind: "subdomains"; readonly domain: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "network"; readonly network: IpNetwork };

/** One entry of `allowed_outbound_hosts`, understood. */
export interface AllowedHost {
  /** The scheme in lower case, or `*` for every scheme. */
  readonly scheme: string;
  /** The hosts. */
  readonly host: HostPattern;
  /** The lowest port. */
  readonly firstPort: number;
  /** The highest port, included. */
  readonly lastPort: number;
}

interface Authority {
  readonly host: HostPattern;
  /** The port as written, without its colon; absent if there is none. */
  readonly port: string | undefined;
}

/** The highest port there is. */
export const MAXIMUM_PORT = 65_535;

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
  ["postgres", 5432],
  ["mysql", 3306],
  ["redis", 6379],
  ["mqtt", 1883],
]);
const SCHEME_REGEXP = /^[a-z]+$/i;
const CIDR_REGEXP = /^([^/[\]]+)\/(\d+)((?::[^/]*)?\/?)$/;
const BRACKETED_REGEXP = /^(\[[^\]]*\])(.*)$/;
const PORT_REGEXP = /^\d{1,5}$/;

/**
 * Reads one entry.
 *
 * @param entry The entry, with its templates expanded.
 * @returns The entry, understood.
 * @throws {GyreError} `ERR_ALLOWED_HOST` if the entry is malformed, with a hint on how to mend it.
 */
export function parseAllowedHost(entry: string): AllowedHost {
  const split = entry.indexOf("://");
  if (/[{}]/.test(entry)) {
    throw malformed(
      entry,
      "has a list in braces, which is not supported",
      "Write one entry for each combination",
    );
  }
  if (split === -1) throw missingScheme(entry);
  const scheme = entry.slice(0, split).toLowerCase();
  if (scheme !== "*" && !SCHEME_REGEXP.test(scheme)) {
    throw malformed(
      entry,
      `has the scheme "${scheme}", which is not a word`,
      'A scheme is a word such as "https", or "*" for every scheme',
    );
  }
  const { host, port } = splitAuthority(entry, entry.slice(split + 3));
  return { scheme, host, ...parsePort(entry, { scheme, port }) };
}

function splitAuthority(entry: string, rest: string): Authority {
  const cidr = CIDR_REGEXP.exec(rest);
  const address = parseIpAddress(cidr?.[1] ?? "");
  if (cidr !== null && address !== undefined) {
    const network = networkAround(address, Number(cidr[2]));
    if (network === undefined) {
      throw malformed(
        entry,
        `has the prefix length ${cidr[2]}, which is too long`,
        "A prefix has at most 32 bits for IPv4 and 128 for IPv6",
      );
    }
    const port = portText(entry, cidr[3] ?? "");
    return { host: { kind: "network", network }, port };
  }
  if (rest.startsWith("[")) return splitBracketed(entry, rest);
  const bare = rest.replace(/\/$/, "");
  if (bare.split(":").length > 2 && parseIpAddress(bare) !== undefined) {
    throw malformed(
      entry,
      "has an IPv6 address without brackets",
      `Write "${entry.replace(bare, `[${bare}]`)}"`,
    );
  }
  const end = rest.search(/[:/]/);
  const [name, tail] = end === -1 ? [rest, ""] : [rest.slice(0, end), rest.slice(end)];
  return { host: parseHost(entry, name), port: portText(entry, tail) };
}

function splitBracketed(entry: string, rest: string): Authority {
  const [, host, tail] = BRACKETED_REGEXP.exec(rest) ?? [];
  if (host === undefined || tail === undefined) {
    throw malformed(
      entry,
      'has a "[" without "]"',
      'Write an IPv6 address such as "[::1]"',
    );
  }
  if (/^\/\d/.test(tail)) {
    throw malformed(
      entry,
      "has an IPv6 range in brackets",
      `Write "${entry.replace(/[[\]]/g, "")}"`,
    );
  }
  return { host: parseHost(entry, host), port: portText(entry, tail) };
}

function portText(entry: string, tail: string): string | undefined {
  const text = tail.endsWith("/") ? tail.slice(0, -1) : tail;
  if (text === "") return undefined;
  if (text.includes("/")) {
    throw malformed(
      entry,
      "has a path, which is not supported",
      "Leave the path out: a host is allowed as a whole",
    );
  }
  if (text.startsWith(":")) return text.slice(1);
  throw malformed(
    entry,
    `has "${text}" after its host`,
    "Only a port and a slash may follow the host",
  );
}

function parseHost(entry: string, host: string): HostPattern {
  if (host === "*") return { kind: "any" };
  if (host === "self" || host === "self.alt") return { kind: "self" };
  if (host === "") {
    throw malformed(
      entry,
      "has no host",
      'Write a host after "://", or "*" for every host',
    );
  }
  const wildcard = host.startsWith("*.");
  const name = wildcard ? host.slice(2) : host;
  if (name.includes("*")) {
    throw malformed(
      entry,
      'has a "*" that is not a label of its own at the front',
      'Only "*" and "*.domain" are possible',
    );
  }
  const canonical = canonicalHost(name);
  if (canonical === undefined || canonical.split(".").includes("")) {
    throw malformed(
      entry,
      `has the host "${host}", which is neither a domain name nor an IP address`,
      'Write a host such as "example.com", "10.0.0.1" or "[::1]"',
    );
  }
  const network = parseIpAddress(canonical);
  if (wildcard && network === undefined) {
    return { kind: "subdomains", domain: canonical };
  }
  if (wildcard) {
    throw malformed(
      entry,
      'has a "*" in front of an IP address',
      'Write a range such as "10.0.0.0/8" to allow several addresses',
    );
  }
  return network === undefined ? { kind: "name", name: canonical } : { kind: "network", network };
}

function parsePort(
  entry: string,
  given: { readonly scheme: string; readonly port: string | undefined },
): { firstPort: number; lastPort: number } {
  const { scheme, port } = given;
  if (port === "*") return { firstPort: 0, lastPort: MAXIMUM_PORT };
  if (port === undefined) {
    const defaultPort = DEFAULT_PORTS.get(scheme);
    if (defaultPort !== undefined) {
      return { firstPort: defaultPort, lastPort: defaultPort };
    }
    const bare = entry.replace(/\/$/, "");
    throw malformed(
      entry,
      `has no port, and the scheme "${scheme}" has no default port`,
      `Write "${bare}:443" for one port, or "${bare}:*" for every port`,
    );
  }
  const [first = "", end] = port.split("..");
  const firstPort = portNumber(first);
  const endPort = end === undefined ? undefined : portNumber(end);
  if (
    firstPort === undefined || (end !== undefined && endPort === undefined) ||
    port.split("..").length > 2
  ) {
    throw malformed(
      entry,
      `has the port "${port}", which is not a port`,
      `Write a number up to ${MAXIMUM_PORT}, a range such as "8000..9000", or "*"`,
    );
  }
  const lastPort = endPort === undefined ? firstPort : endPort - 1;
  if (lastPort < firstPort) {
    throw malformed(
      entry,
      `has the empty port range "${port}"`,
      "The end of a range is not part of it, so it must be above the start",
    );
  }
  return { firstPort, lastPort };
}

function portNumber(text: string): number | undefined {
  const port = PORT_REGEXP.test(text) ? Number(text) : MAXIMUM_PORT + 1;
  return port > MAXIMUM_PORT ? undefined : port;
}

function missingScheme(entry: string): GyreError {
  if (entry === "*" || entry === "insecure:allow-all") {
    return malformed(
      entry,
      "is not supported",
      'Write "*://*:*" to allow everything, or better the hosts that are needed',
    );
  }
  return malformed(
    entry,
    "has no scheme",
    `Write the scheme in front, such as "https://${entry}"`,
  );
}

function malformed(entry: string, problem: string, hint: string): GyreError {
  return new GyreError(
    "ERR_ALLOWED_HOST",
    `Allowed host "${entry}" ${problem}`,
    { hint },
  );
}
