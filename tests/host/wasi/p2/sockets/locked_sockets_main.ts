/// <reference lib="deno.worker" />
// Sockets in a worker with few permissions: reports what a guest would get.

import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import type { Denial } from "../../../../../src/policy/denial.ts";
import { instanceSockets } from "../../../../../src/host/wasi/p2/sockets/instance_sockets.ts";
import { guestContext } from "../../../guest_context.ts";
import { attemptSocket, type SocketAttempt } from "./socket_attempts.ts";

/** What a guest was granted, and what it tries. */
export interface LockedSockets {
  readonly outbound: readonly string[];
  readonly inbound: readonly string[];
  /** Names and addresses that it has looked up before. */
  readonly resolved?: readonly (readonly [string, string])[];
  readonly attempts: readonly SocketAttempt[];
}

// As in the worker of the runtime.
Reflect.deleteProperty(globalThis, "process");

self.onmessage = async ({ data }: MessageEvent<LockedSockets>) => {
  const denials: Denial[] = [];
  const sockets = instanceSockets(guestContext({
    allowedHosts: AllowedHosts.parse(data.outbound),
    allowedInbound: AllowedInbound.parse(data.inbound),
    onDenied: (denial) => denials.push(denial),
  }));
  for (const [name, address] of data.resolved ?? []) sockets.names.add(name, [address]);
  const outcomes: string[] = [];
  for (const attempt of data.attempts) outcomes.push(await attemptSocket(sockets, attempt));
  self.postMessage({ outcomes, denials });
};
