import type { Clock } from "../../../../clock.ts";
import type { HostInterface } from "../../../host_interface.ts";
import { monotonicTime } from "./monotonic_time.ts";
import { TimerPollable } from "./timer_pollable.ts";

/** What the platform's timer resolves, in ns. */
const RESOLUTION = 1_000n;

/**
 * Makes `wasi:clocks/monotonic-clock`.
 *
 * @param clock The clock that it shows to guests.
 * @returns The host interface.
 */
export function monotonicClock(clock: Clock): HostInterface {
  return {
    id: "wasi:clocks/monotonic-clock",
    create: ({ signal }) => ({
      now: () => monotonicTime(clock),
      resolution: () => RESOLUTION,
      subscribeInstant: (when: bigint) => new TimerPollable(when, { clock, signal }),
      subscribeDuration: (duration: bigint) =>
        new TimerPollable(monotonicTime(clock) + duration, { clock, signal }),
    }),
  };
}
