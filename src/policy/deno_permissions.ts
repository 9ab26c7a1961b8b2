/**
 * The second wall: the Deno permissions of a component's worker, derived from its policy. They are
 * coarser than the policy, which the host interfaces check first: Deno's rules know no schemes,
 * and some hosts can only be written wider than they are meant.
 *
 * @module
 */

import { type AllowedHost, MAXIMUM_PORT } from "./allowed_host.ts";
import { type InboundGrant, inboundHosts } from "./allowed_inbound.ts";
import { formatNetwork } from "./ip_network.ts";
import type { Policy } from "./policy.ts";

/** What an allowed host becomes in Deno's terms. */
interface NetGrant {
  /** The entry for Deno's `net` list; `true` for everything, absent where no network is used. */
  readonly net?: string | true;
  /** What Deno's entry covers beyond the policy. */
  readonly wider: readonly string[];
}

/** Where a socket that only sends datagrams is bound: Deno wants a permission for that too. */
const UNBOUND = ["0.0.0.0:0", "[::]:0"];

/**
 * Derives the permissions of a component's worker. Every key is listed, because Deno denies what
 * a worker's permissions name and inherits nothing else.
 *
 * @param policy The component's policy.
 * @returns The permissions: the narrowest that let the policy's grants work.
 */
export function denoPermissions(
  policy: Policy,
): Required<Deno.PermissionOptionsObject> {
  const writable = policy.mounts.filter((mount) => mount.writable);
  return {
    env: false,
    ffi: false,
    import: false,
    net: netPermission(policy),
    read: paths(policy.mounts),
    run: false,
    sys: false,
    write: paths(writable),
  };
}

/**
 * Says where Deno's permissions allow more than the policy, so that only the policy's own check
 * stands there.
 *
 * @param policy The component's policy.
 * @returns One sentence for each difference; empty if there is none.
 */
export function permissionGaps(policy: Policy): readonly string[] {
  const { allowedHosts, allowedInbound } = policy;
  return [
    ...allowedHosts.hosts.flatMap((host, index) =>
      netGrant(host).wider.map((wider) => gap(allowedHosts.entries[index], wider))
    ),
    ...allowedInbound.grants.map((grant, index) =>
      gap(allowedInbound.entries[index], widerThanInbound(grant))
    ),
  ];
}

function gap(entry: string | undefined, wider: string): string {
  return `Deno's permission for "${entry}" also covers ${wider}`;
}

function netPermission(policy: Policy): boolean | string[] {
  const list = new Set<string>();
  for (const host of policy.allowedHosts.hosts) {
    const { net } = netGrant(host);
    if (net === true) return true;
    if (net !== undefined) list.add(net);
    if (net !== undefined && allowsDatagrams(host)) {
      for (const address of UNBOUND) list.add(address);
    }
  }
  for (const grant of policy.allowedInbound.grants) {
    const port = grant.port === undefined ? "" : `:${grant.port}`;
    for (const host of inboundHosts(grant)) list.add(host + port);
  }
  return list.size === 0 ? false : [...list];
}

/** Whether datagrams may be sent there, for which a socket must be bound first. */
function allowsDatagrams({ scheme, host }: AllowedHost): boolean {
  return (scheme === "udp" || scheme === "*") && host.kind !== "self";
}

function widerThanInbound({ addresses, port }: InboundGrant): string {
  const where = addresses === undefined ? "any host" : "that address";
  return `connecting to ${where}${port === undefined ? "" : ` at port ${port}`}`;
}

function netGrant(allowed: AllowedHost): NetGrant {
  const { host, firstPort, lastPort } = allowed;
  const everyPort = firstPort === 0 && lastPort === MAXIMUM_PORT;
  const onePort = firstPort === lastPort;
  const port = onePort ? `:${firstPort}` : "";
  const wider = [
    ...(everyPort || onePort ? [] : ["every other port"]),
    ...(allowsDatagrams(allowed) ? ["listening on any free port"] : []),
  ];
  switch (host.kind) {
    case "self":
      return { wider: [] };
    case "any":
      return {
        net: true,
        wider: everyPort ? [] : ["every other port"],
      };
    case "name":
      // Requests from one component to another stay inside the application.
      return host.name.endsWith(".spin.internal")
        ? { wider: [] }
        : { net: host.name + port, wider };
    case "subdomains":
      return {
        net: `*.${host.domain}${port}`,
        wider: [`"${host.domain}" itself`, ...wider],
      };
    case "network":
      return host.network.version === 6 && host.network.prefix < 128
        ? {
          net: true,
          wider: ["every other host and port"],
        }
        : { net: formatNetwork(host.network) + port, wider };
  }
}

function paths(mounts: Policy["mounts"]): false | string[] {
  return mounts.length === 0 ? false : [...new Set(mounts.map((mount) => mount.hostPath))];
}
