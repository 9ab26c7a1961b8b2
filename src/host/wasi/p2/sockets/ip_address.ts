/**
 * IP addresses as `wasi:sockets/network` has them.
 *
 * @module
 */

import { formatNetwork, parseIpAddress } from "../../../../policy/ip_network.ts";

/** The cases of `ip-address-family`. */
export type IpAddressFamily = "ipv4" | "ipv6";

/** The variant `ip-address`. The numbers are bytes for IPv4, and groups of 16 bits for IPv6. */
export interface IpAddress {
  /** The case. */
  readonly tag: IpAddressFamily;
  /** The address; 4 or 8 numbers. */
  readonly val: readonly number[];
}

/** The variant `ip-socket-address`. */
export type IpSocketAddress =
  | {
    readonly tag: "ipv4";
    readonly val: { readonly port: number; readonly address: readonly number[] };
  }
  | {
    readonly tag: "ipv6";
    readonly val: {
      readonly port: number;
      readonly flowInfo: number;
      readonly address: readonly number[];
      readonly scopeId: number;
    };
  };

/** An address and a port as the platform has them. */
export interface Endpoint {
  /** The IP address in its canonical form; IPv6 without brackets. */
  readonly host: string;
  /** The port. */
  readonly port: number;
}

/**
 * Reads an IP address.
 *
 * @param text The address; IPv6 with or without brackets, and with or without a zone.
 * @returns The address, an IPv4 one if it is mapped into IPv6; `undefined` if it is none.
 */
export function toIpAddress(text: string): IpAddress | undefined {
  const parsed = parseIpAddress(text.replace(/%.*$/, ""));
  if (parsed === undefined) return undefined;
  const { version, base } = parsed;
  return version === 4
    ? { tag: "ipv4", val: [24n, 16n, 8n, 0n].map((shift) => Number((base >> shift) & 0xffn)) }
    : {
      tag: "ipv6",
      val: Array.from({ length: 8 }, (_, n) => Number((base >> BigInt(112 - 16 * n)) & 0xffffn)),
    };
}

/**
 * Writes an IP address.
 *
 * @param address The address.
 * @returns Its canonical form; IPv6 without brackets.
 */
export function ipAddressText({ tag, val }: IpAddress): string {
  const text = tag === "ipv4" ? val.join(".") : val.map((group) => group.toString(16)).join(":");
  const parsed = parseIpAddress(text);
  return parsed === undefined ? text : formatNetwork(parsed).replace(/^\[|\]$/g, "");
}

/**
 * Makes the platform's form of a socket address.
 *
 * @param address What the guest gave.
 * @returns The same for the platform. Flow and scope are left out: the platform knows neither.
 */
export function toEndpoint({ tag, val }: IpSocketAddress): Endpoint {
  return { host: ipAddressText({ tag, val: val.address }), port: val.port };
}

/**
 * Makes the guest's form of a socket address.
 *
 * @param endpoint What the platform gave.
 * @returns The same for the guest.
 */
export function toIpSocketAddress({ host, port }: Endpoint): IpSocketAddress {
  const address = toIpAddress(host);
  if (address === undefined) throw new TypeError(`"${host}" is not an IP address`);
  return address.tag === "ipv4"
    ? { tag: "ipv4", val: { port, address: address.val } }
    : { tag: "ipv6", val: { port, flowInfo: 0, address: address.val, scopeId: 0 } };
}

/** Tells whether an address is that of one host: neither multicast nor broadcast. */
export function isUnicast({ tag, val }: IpSocketAddress): boolean {
  const [first = 0] = val.address;
  return tag === "ipv4"
    ? (first & 0xf0) !== 0xe0 && val.address.some((byte) => byte !== 0xff)
    : first >> 8 !== 0xff;
}

/** Tells whether an address is `0.0.0.0` or `::`. */
export function isUnspecified({ val }: IpSocketAddress): boolean {
  return val.address.every((part) => part === 0);
}

/** Tells whether an address is an IPv4 one in IPv6: sockets of WASI are never dual-stack. */
export function isMapped({ tag, val }: IpSocketAddress): boolean {
  return tag === "ipv6" && val.address[5] === 0xffff &&
    val.address.slice(0, 5).every((group) => group === 0);
}
