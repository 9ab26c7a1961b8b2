/**
 * Decides whether a guest may reach an address, and by which grant.
 *
 * @module
 */

import { isPrivateAddress } from "../../../../policy/private_address.ts";
import { endpointText } from "./endpoint_text.ts";
import type { InstanceSockets } from "./instance_sockets.ts";
import type { Endpoint } from "./ip_address.ts";
import type { SocketErrorCode } from "./socket_error.ts";

/** An address that a guest wants to reach. */
export interface Remote extends Endpoint {
  /** What is spoken. */
  readonly protocol: "tcp" | "udp";
}

/** By which grant an address may be reached. */
export interface OutboundRoute {
  /** The granted name that led to the address; absent where the address itself was granted. */
  readonly name?: string;
}

/**
 * Decides whether a guest may reach an address.
 *
 * @param sockets The guest's sockets.
 * @param remote The address.
 * @returns By which grant it may; `undefined` if by none.
 */
export function outboundRoute(
  sockets: InstanceSockets,
  remote: Remote,
): OutboundRoute | undefined {
  const { protocol: scheme, host, port } = remote;
  const { allowedHosts } = sockets.guest;
  if (allowedHosts.check({ scheme, host, port })) return {};
  if (isPrivateAddress(host)) return undefined;
  const name = coveringName(sockets, remote);
  return name === undefined ? undefined : { name };
}

/**
 * Insists that a guest may reach an address, or reports that it may not.
 *
 * @param sockets The guest's sockets.
 * @param remote The address.
 * @returns By which grant it may.
 * @throws `access-denied`
 */
export function requireRoute(sockets: InstanceSockets, remote: Remote): OutboundRoute {
  const route = outboundRoute(sockets, remote);
  if (route !== undefined) return route;
  const name = coveringName(sockets, remote);
  return denyRemote(
    sockets,
    remote,
    name === undefined ? undefined : `${name} is at ${remote.host}, which is not a public address`,
  );
}

/**
 * Reports that a guest may not reach an address.
 *
 * @param sockets The guest's sockets.
 * @param remote The address.
 * @param reason Why, if there is more to say than that nothing grants it.
 * @throws `access-denied`
 */
export function denyRemote(
  sockets: InstanceSockets,
  remote: Remote,
  reason?: string,
): never {
  const address = `${remote.protocol}://${endpointText(remote)}`;
  sockets.guest.onDenied({
    target: `${remote.protocol === "tcp" ? "connect" : "send"} to ${address}`,
    ...(reason === undefined ? {} : { reason }),
    grant: `allowed_outbound_hosts = ["${address}"]`,
  });
  throw "access-denied" satisfies SocketErrorCode;
}

function coveringName(sockets: InstanceSockets, remote: Remote): string | undefined {
  const { protocol: scheme, port } = remote;
  return sockets.names.namesOf(remote.host).find((host) =>
    sockets.guest.allowedHosts.check({ scheme, host, port })
  );
}
