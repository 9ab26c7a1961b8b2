import { guestTrap } from "../../../guest_trap.ts";
import type { HostInterface } from "../../../host_interface.ts";
import { Pollable } from "./pollable.ts";
import { waitForAny } from "./wait_for_any.ts";
import { WaitingPollable } from "./waiting_pollable.ts";

/** `wasi:io/poll`. */
export const poll: HostInterface = {
  id: "wasi:io/poll",
  create: (guest) => ({
    Pollable,
    poll: (pollables: readonly Pollable[]) => pollAll(pollables, { signal: guest.signal }),
  }),
};

interface PollOptions {
  readonly signal: AbortSignal;
}

function pollAll(
  pollables: readonly Pollable[],
  { signal }: PollOptions,
): Uint32Array | Promise<Uint32Array> {
  if (pollables.length === 0) {
    throw guestTrap("wasi:io/poll#poll was called with an empty list");
  }
  const ready = readyIndexes(pollables);
  return ready.length > 0 ? ready : pollWaiting(pollables, { signal });
}

async function pollWaiting(
  pollables: readonly Pollable[],
  { signal }: PollOptions,
): Promise<Uint32Array> {
  const waiting = pollables.filter((one) => one instanceof WaitingPollable);
  while (true) {
    await waitForAny(waiting, signal);
    // What became ready may have been taken by another waiter meanwhile.
    const ready = readyIndexes(pollables);
    if (ready.length > 0) return ready;
  }
}

function readyIndexes(pollables: readonly Pollable[]): Uint32Array {
  const indexes: number[] = [];
  for (const [index, pollable] of pollables.entries()) {
    if (pollable.ready()) indexes.push(index);
  }
  return Uint32Array.from(indexes);
}
