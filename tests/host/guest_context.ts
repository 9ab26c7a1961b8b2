import type { GuestContext } from "../../src/host/host_interface.ts";

/** A context that grants nothing, but for what a test asks for. */
export function guestContext(
  granted: Partial<GuestContext> = {},
): GuestContext {
  return {
    environment: {},
    arguments: [],
    mounts: [],
    stdout() {},
    stderr() {},
    signal: new AbortController().signal,
    ...granted,
  };
}
