/**
 * IP addresses and the ranges that they belong to.
 *
 * @module
 */

import { canonicalHost } from "./canonical_host.ts";

/** A range of IP addresses; one address is a range whose prefix covers all its bits. */
export interface IpNetwork {
  /** The IP version. */
  readonly version: 4 | 6;
  /** The lowest address of the range. */
  readonly base: bigint;
  /** How many leading bits the addresses of the range share: 0 to 32, or 0 to 128. */
  readonly prefix: number;
}

const IPV4_REGEXP = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
const IPV4_MAPPED_PREFIX = 0xffffn;
const BITS = { 4: 32, 6: 128 } as const;

/**
 * Reads one IP address.
 *
 * @param host The address; IPv6 with or without brackets. An IPv4 address that is mapped into
 * IPv6 (`::ffff:10.0.0.1`) is read as IPv4, because that is where a connection to it goes.
 * @returns The range that holds only this address, or `undefined` if the text is no IP address.
 */
export function parseIpAddress(host: string): IpNetwork | undefined {
  const canonical = canonicalHost(host);
  if (canonical === undefined) return undefined;
  const ipv4 = IPV4_REGEXP.exec(canonical);
  if (ipv4 !== null) {
    const base = ipv4.slice(1).reduce((sum, byte) => sum * 256 + +byte, 0);
    return { version: 4, base: BigInt(base), prefix: BITS[4] };
  }
  if (!canonical.startsWith("[")) return undefined;
  const base = ipv6Value(canonical.slice(1, -1));
  return base >> 32n === IPV4_MAPPED_PREFIX
    ? { version: 4, base: base & 0xffff_ffffn, prefix: BITS[4] }
    : { version: 6, base, prefix: BITS[6] };
}

/**
 * Widens an address to the range around it.
 *
 * @param address One address.
 * @param prefix How many leading bits the range shares.
 * @returns The range, or `undefined` if an address of this version has fewer bits.
 */
export function networkAround(
  address: IpNetwork,
  prefix: number,
): IpNetwork | undefined {
  const bits = BITS[address.version];
  if (prefix > bits) return undefined;
  const hostBits = BigInt(bits - prefix);
  return { ...address, base: (address.base >> hostBits) << hostBits, prefix };
}

/**
 * Says whether a range holds an address.
 *
 * @param network The range.
 * @param address One address.
 * @returns Whether it does; never across IP versions.
 */
export function networkContains(
  network: IpNetwork,
  address: IpNetwork,
): boolean {
  if (network.version !== address.version) return false;
  const hostBits = BigInt(BITS[network.version] - network.prefix);
  return network.base >> hostBits === address.base >> hostBits;
}

/**
 * Writes a range the way Deno and URLs do.
 *
 * @param network The range.
 * @returns `10.0.0.1`, `10.0.0.0/8`, `[::1]` or `[ff00::]/8`.
 */
export function formatNetwork(network: IpNetwork): string {
  const address = network.version === 4
    ? [24n, 16n, 8n, 0n].map((shift) => (network.base >> shift) & 0xffn)
      .join(".")
    : formatIpv6(network.base);
  return network.prefix === BITS[network.version] ? address : `${address}/${network.prefix}`;
}

function formatIpv6(value: bigint): string {
  const groups = value.toString(16).padStart(32, "0").match(/.{4}/g) ?? [];
  const text = groups.join(":");
  return canonicalHost(text) ?? `[${text}]`;
}

function ipv6Value(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after]
    .reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
}
