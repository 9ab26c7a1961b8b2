import type { HostInterface } from "../../../host_interface.ts";
import { toDatetime } from "./datetime.ts";

/** `wasi:clocks/wall-clock`. */
export const wallClock: HostInterface = {
  id: "wasi:clocks/wall-clock",
  create: ({ clock }) => ({
    now: () => toDatetime(clock.now()),
    resolution: () => toDatetime(1),
  }),
};
