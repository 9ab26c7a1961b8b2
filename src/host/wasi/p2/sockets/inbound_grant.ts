/**
 * Decides whether a guest may listen on an address.
 *
 * @module
 */

import type { ListenTarget } from "../../../../policy/allowed_inbound.ts";
import { endpointText } from "./endpoint_text.ts";
import type { InstanceSockets } from "./instance_sockets.ts";
import { isPermitted } from "./is_permitted.ts";
import type { SocketErrorCode } from "./socket_error.ts";

/**
 * Insists that a guest may listen on an address, or reports that it may not.
 *
 * @param sockets The guest's sockets.
 * @param target The address.
 * @throws `access-denied`
 */
export function requireInbound(sockets: InstanceSockets, target: ListenTarget): void {
  const granted = sockets.guest.allowedInbound.check(target);
  if (granted && isPermitted(target)) return;
  const { protocol, host, port } = target;
  const address = `${protocol}://${endpointText({ host, port })}`;
  sockets.guest.onDenied({
    target: `listen on ${address}`,
    ...(granted ? { reason: "Deno's permissions do not cover it" } : {}),
    // Any free port is asked for with 0, and granted with "*".
    grant: `allowed_inbound = ["${port === 0 ? address.replace(/:0$/, ":*") : address}"]`,
  });
  throw "access-denied" satisfies SocketErrorCode;
}
