/**
 * The hosts that a component may connect to.
 *
 * @module
 */

import { type AllowedHost, parseAllowedHost } from "./allowed_host.ts";
import { canonicalHost } from "./canonical_host.ts";
import { type IpNetwork, networkContains, parseIpAddress } from "./ip_network.ts";

/** Where a guest wants to connect to. */
export interface ConnectionTarget {
  /** What is spoken, such as `https`, `redis` or, for sockets, `tcp` and `udp`. */
  readonly scheme: string;
  /** A name or an IP address; IPv6 with or without brackets. */
  readonly host: string;
  /** The port, with the scheme's default filled in. */
  readonly port: number;
}

/** Options of {@linkcode AllowedHosts.parse}. */
export interface AllowedHostsOptions {
  /** The application's components, which `*.spin.internal` stands for. Default none. */
  readonly componentIds?: readonly string[];
}

const SWITCHED_OFF: ReadonlySet<string> = new Set(["", "http://", "https://"]);
const ANY_COMPONENT = "://*.spin.internal";

/**
 * The hosts that a component may connect to; whatever no entry allows is denied. To hand it to a
 * worker, send {@linkcode AllowedHosts.entries} and parse them there.
 */
export class AllowedHosts {
  /** The entries that count, as text; parsing them again gives an equal object. */
  readonly entries: readonly string[];
  /** The entries, understood, in the same order. */
  readonly hosts: readonly AllowedHost[];

  private constructor(entries: readonly string[]) {
    this.entries = Object.freeze(entries);
    this.hosts = Object.freeze(entries.map(parseAllowedHost));
  }

  /**
   * Reads the entries of `allowed_outbound_hosts`.
   *
   * @param entries The entries, with their templates expanded. One that came out empty, or as a
   * bare `http://` or `https://`, is switched off.
   * @param options The components that `*.spin.internal` stands for.
   * @returns The hosts.
   * @throws {GyreError} `ERR_ALLOWED_HOST` for the first malformed entry.
   */
  static parse(
    entries: readonly string[],
    options: AllowedHostsOptions = {},
  ): AllowedHosts {
    const componentIds = options.componentIds ?? [];
    return new AllowedHosts(
      entries.map((entry) => entry.trim())
        .filter((entry) => !SWITCHED_OFF.has(entry))
        .flatMap((entry) => expandComponents(entry, componentIds)),
    );
  }

  /**
   * Decides about one connection.
   *
   * @param target Where the guest wants to connect to.
   * @returns Whether it may.
   */
  check(target: ConnectionTarget): boolean {
    const name = canonicalHost(target.host);
    if (name === undefined) return false;
    const address = parseIpAddress(name);
    return this.hosts.some((allowed) =>
      matchesScheme(allowed, target.scheme) &&
      target.port >= allowed.firstPort && target.port <= allowed.lastPort &&
      matchesHost(allowed, { name, address })
    );
  }

  /**
   * Decides about looking up a name.
   *
   * @param name The name.
   * @returns The first entry that covers it, for any scheme and any port; `undefined` if none does.
   */
  checkName(name: string): AllowedHost | undefined {
    const canonical = canonicalHost(name);
    if (canonical === undefined) return undefined;
    return this.hosts.find((allowed) =>
      matchesHost(allowed, { name: canonical, address: undefined })
    );
  }

  /**
   * Decides about a request to the application itself, which names no host.
   *
   * @param scheme What is spoken, `http` or `https`.
   * @returns Whether the guest may make it.
   */
  checkSelf(scheme: string): boolean {
    return this.hosts.some((allowed) =>
      matchesScheme(allowed, scheme) &&
      (allowed.host.kind === "self" || allowed.host.kind === "any")
    );
  }
}

function expandComponents(
  entry: string,
  componentIds: readonly string[],
): readonly string[] {
  if (!entry.toLowerCase().includes(ANY_COMPONENT)) return [entry];
  // A malformed entry is an error even where there is no component to expand it to.
  parseAllowedHost(entry);
  return componentIds.map((id) => entry.replace("*.", `${id}.`));
}

function matchesScheme(allowed: AllowedHost, scheme: string): boolean {
  return allowed.scheme === "*" || allowed.scheme === scheme.toLowerCase();
}

function matchesHost(
  allowed: AllowedHost,
  target: {
    readonly name: string;
    readonly address: IpNetwork | undefined;
  },
): boolean {
  const { host } = allowed;
  switch (host.kind) {
    case "any":
      return true;
    case "self":
      return false;
    case "subdomains":
      return target.name.endsWith(`.${host.domain}`) &&
        !target.name.startsWith(".");
    case "name":
      return target.name === host.name;
    case "network":
      return target.address !== undefined &&
        networkContains(host.network, target.address);
  }
}
