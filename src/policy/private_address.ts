/**
 * Addresses that are not of the public internet. A name that was granted does not grant them: who
 * answers for a name could point it at the machine itself, or at its neighbours.
 *
 * @module
 */

import { type IpNetwork, networkAround, networkContains, parseIpAddress } from "./ip_network.ts";

/** A range of addresses that are not of the public internet. */
export interface PrivateRange {
  /** The range, such as `10.0.0.0/8`. */
  readonly range: string;
  /** What it is for. */
  readonly purpose: string;
}

/**
 * The ranges, from the IANA registries of special-purpose addresses. IPv4 addresses mapped into
 * IPv6 are not among them, because they count as the IPv4 addresses that they are.
 */
export const PRIVATE_RANGES: readonly PrivateRange[] = Object.freeze([
  { range: "0.0.0.0/8", purpose: "this network, unspecified" },
  { range: "10.0.0.0/8", purpose: "private" },
  { range: "100.64.0.0/10", purpose: "shared by carriers" },
  { range: "127.0.0.0/8", purpose: "loopback" },
  { range: "169.254.0.0/16", purpose: "link-local" },
  { range: "172.16.0.0/12", purpose: "private" },
  { range: "192.0.0.0/24", purpose: "protocol assignments" },
  { range: "192.0.2.0/24", purpose: "documentation" },
  { range: "192.88.99.0/24", purpose: "6to4 relays" },
  { range: "192.168.0.0/16", purpose: "private" },
  { range: "198.18.0.0/15", purpose: "benchmarks" },
  { range: "198.51.100.0/24", purpose: "documentation" },
  { range: "203.0.113.0/24", purpose: "documentation" },
  { range: "224.0.0.0/4", purpose: "multicast" },
  { range: "240.0.0.0/4", purpose: "reserved, broadcast" },
  // The unspecified address, loopback, and the addresses that once meant IPv4.
  { range: "::/96", purpose: "loopback, unspecified, IPv4-compatible" },
  { range: "::ffff:0:0:0/96", purpose: "IPv4 translated" },
  { range: "64:ff9b::/96", purpose: "IPv4 behind a translator" },
  { range: "64:ff9b:1::/48", purpose: "IPv4 behind a local translator" },
  { range: "100::/64", purpose: "discard" },
  // Teredo and 6to4 carry an IPv4 address, which may be a private one.
  { range: "2001::/23", purpose: "protocol assignments, Teredo" },
  { range: "2001:db8::/32", purpose: "documentation" },
  { range: "2002::/16", purpose: "6to4" },
  { range: "3fff::/20", purpose: "documentation" },
  { range: "5f00::/16", purpose: "segment routing" },
  { range: "fc00::/7", purpose: "unique local" },
  { range: "fe80::/10", purpose: "link-local" },
  { range: "fec0::/10", purpose: "site-local" },
  { range: "ff00::/8", purpose: "multicast" },
]);

const NETWORKS: readonly IpNetwork[] = PRIVATE_RANGES.map(({ range }) => parseRange(range));

/**
 * Tells whether an address is not one of the public internet: private, loopback, link-local,
 * shared by carriers, multicast, unspecified, reserved, or a form of such an IPv4 address in IPv6.
 *
 * @param ip The address; IPv6 with or without brackets. An IPv4 address that is mapped into IPv6
 * counts as the IPv4 address.
 * @returns Whether it is; also `true` for a text that is no IP address, which nobody may trust.
 */
export function isPrivateAddress(ip: string): boolean {
  const address = parseIpAddress(ip);
  return address === undefined || NETWORKS.some((network) => networkContains(network, address));
}

function parseRange(range: string): IpNetwork {
  const [base = "", prefix] = range.split("/");
  const address = parseIpAddress(base);
  const network = address && networkAround(address, Number(prefix));
  if (network === undefined) throw new Error(`Range "${range}" is not one of IP addresses`);
  return network;
}
