import { systemClock } from "../../src/clock.ts";
import { systemRandom } from "../../src/guest/system_random.ts";
import type { GuestContext } from "../../src/host/host_interface.ts";
import { AllowedHosts } from "../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../src/policy/allowed_inbound.ts";

/** A context that grants nothing, but for what a test asks for. */
export function guestContext(
  granted: Partial<GuestContext> = {},
): GuestContext {
  return {
    environment: {},
    arguments: [],
    mounts: [],
    allowedHosts: AllowedHosts.parse([]),
    allowedInbound: AllowedInbound.parse([]),
    stdin: () => Promise.resolve(undefined),
    stdout() {},
    stderr() {},
    onDenied() {},
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
    ...granted,
  };
}
