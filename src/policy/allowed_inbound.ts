/**
 * The addresses that a component may listen on.
 *
 * @module
 */

import { GyreError } from "../errors.ts";
import { MAXIMUM_PORT } from "./allowed_host.ts";
import { formatNetwork, type IpNetwork, networkContains, parseIpAddress } from "./ip_network.ts";

/** An address that a guest wants to listen on. */
export interface ListenTarget {
  /** What is spoken. */
  readonly protocol: "tcp" | "udp";
  /** The IP address; IPv6 without brackets. */
  readonly host: string;
  /** The port; 0 asks for any free one. */
  readonly port: number;
}

/** One entry of `allowed_inbound`, understood. */
export interface InboundGrant {
  /** What is spoken. */
  readonly protocol: "tcp" | "udp";
  /** The addresses; `undefined` for every address of the machine. */
  readonly addresses: readonly IpNetwork[] | undefined;
  /** The port; `undefined` for every port, which includes any free one. */
  readonly port: number | undefined;
}

const ENTRY_REGEXP = /^(\w*):\/\/(\[[^\]]*\]|[^:[\]/]*)(?::([^/]*))?\/?$/;
const LOOPBACK = ["127.0.0.1", "::1"];

/** The addresses that a component may listen on; whatever no entry allows is denied. */
export class AllowedInbound {
  /** The entries as text; parsing them again gives an equal object. */
  readonly entries: readonly string[];
  /** The entries, understood, in the same order. */
  readonly grants: readonly InboundGrant[];

  private constructor(entries: readonly string[]) {
    this.entries = Object.freeze(entries);
    this.grants = Object.freeze(entries.map(parseEntry));
  }

  /**
   * Reads the entries of `allowed_inbound`.
   *
   * @param entries The entries, such as `tcp://127.0.0.1:7000`: `tcp` or `udp`, an IP address,
   * `localhost` or `*`, and a port or `*`.
   * @returns The addresses.
   * @throws {GyreError} `ERR_ALLOWED_INBOUND` for the first malformed entry.
   */
  static parse(entries: readonly string[]): AllowedInbound {
    return new AllowedInbound([...entries]);
  }

  /**
   * Decides about one socket.
   *
   * @param target Where the guest wants to listen.
   * @returns Whether it may. Only an entry for every port allows any free one.
   */
  check({ protocol, host, port }: ListenTarget): boolean {
    const address = parseIpAddress(host);
    if (address === undefined) return false;
    return this.grants.some((grant) =>
      grant.protocol === protocol &&
      (grant.port === undefined || grant.port === port) &&
      (grant.addresses?.some((granted) => networkContains(granted, address)) ?? true)
    );
  }
}

/**
 * Writes the hosts of an entry the way Deno's permissions do.
 *
 * @param grant The entry.
 * @returns The addresses, IPv6 in brackets. Deno has ranges for IPv4 only, so for every address of
 * the machine IPv6 is there with `::` and `::1` alone.
 */
export function inboundHosts(grant: InboundGrant): readonly string[] {
  return grant.addresses?.map(formatNetwork) ?? ["0.0.0.0/0", "[::]", "[::1]"];
}

function parseEntry(entry: string): InboundGrant {
  const [, protocol, host, port] = ENTRY_REGEXP.exec(entry) ?? [];
  if (protocol === undefined || host === undefined) {
    throw malformed(
      entry,
      "is not of the form protocol://address:port",
      'Write an entry such as "tcp://127.0.0.1:7000" or "udp://[::1]:5353"',
    );
  }
  if (protocol !== "tcp" && protocol !== "udp") {
    throw malformed(
      entry,
      `has the protocol "${protocol}"`,
      'Write "tcp" or "udp" in front of the address',
    );
  }
  if (port?.includes(":")) {
    throw malformed(
      entry,
      "has an IPv6 address without brackets",
      'Write an IPv6 address such as "[::1]"',
    );
  }
  return { protocol, addresses: parseHost(entry, host), port: parsePort(entry, port) };
}

function parseHost(entry: string, host: string): readonly IpNetwork[] | undefined {
  if (host === "*") return undefined;
  const addresses = (host === "localhost" ? LOOPBACK : [host]).flatMap((text) =>
    parseIpAddress(text) ?? []
  );
  if (addresses.length > 0) return addresses;
  throw malformed(
    entry,
    host === "" ? "has no address" : `has the host "${host}", which is not an IP address`,
    'Write an IP address such as "127.0.0.1" or "[::1]", "localhost", or "*" for every address',
  );
}

function parsePort(entry: string, port: string | undefined): number | undefined {
  if (port === "*") return undefined;
  const number = port !== undefined && /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= MAXIMUM_PORT) return number;
  throw malformed(
    entry,
    port === undefined ? "has no port" : `has the port "${port}", which cannot be listened on`,
    `Write a number from 1 to ${MAXIMUM_PORT}, or "*" for every port`,
  );
}

function malformed(entry: string, problem: string, hint: string): GyreError {
  return new GyreError(
    "ERR_ALLOWED_INBOUND",
    `Allowed inbound address "${entry}" ${problem}`,
    { hint },
  );
}
