import type { BoundTrigger } from "../trigger.ts";
import type { Schedule } from "./schedule.ts";
import type { TickPolicy } from "./tick_policy.ts";

/** One trigger and what it follows. */
export interface ScheduleEntry {
  /** The trigger. */
  readonly trigger: BoundTrigger;
  /** When its ticks are. */
  readonly schedule: Schedule;
  /** How they are run. */
  readonly policy: TickPolicy;
  /**
   * Whether it follows the wall clock, wherever that jumps. Otherwise its ticks are as far from the
   * start as they were to be, whatever becomes of the wall clock.
   */
  readonly followsWallClock: boolean;
}
