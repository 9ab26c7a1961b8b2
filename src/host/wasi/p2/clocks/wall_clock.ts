import type { Clock } from "../../../../clock.ts";
import type { HostInterface } from "../../../host_interface.ts";
import { toDatetime } from "./datetime.ts";

/**
 * Makes `wasi:clocks/wall-clock`.
 *
 * @param clock The clock that it shows to guests.
 * @returns The host interface.
 */
export function wallClock(clock: Clock): HostInterface {
  return {
    id: "wasi:clocks/wall-clock",
    create: () => ({
      now: () => toDatetime(clock.now()),
      resolution: () => toDatetime(1),
    }),
  };
}
