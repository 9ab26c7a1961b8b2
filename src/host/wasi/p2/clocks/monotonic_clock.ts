import type { HostInterface } from "../../../host_interface.ts";
import { monotonicTime } from "./monotonic_time.ts";
import { TimerPollable } from "./timer_pollable.ts";

/** What the platform's timer resolves, in ns. */
const RESOLUTION = 1_000n;

/** `wasi:clocks/monotonic-clock`. */
export const monotonicClock: HostInterface = {
  id: "wasi:clocks/monotonic-clock",
  create: ({ clock, signal }) => ({
    now: () => monotonicTime(clock),
    resolution: () => RESOLUTION,
    subscribeInstant: (when: bigint) => new TimerPollable(when, { clock, signal }),
    subscribeDuration: (duration: bigint) =>
      new TimerPollable(monotonicTime(clock) + duration, { clock, signal }),
  }),
};
