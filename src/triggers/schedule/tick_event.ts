import type { TriggerEvent } from "../trigger.ts";
import type { TickPolicy } from "./tick_policy.ts";

/** One attempt of a tick. */
export interface TickAttempt {
  /** The nominal time, in ms since the Unix epoch. */
  readonly scheduled: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
}

/**
 * Makes the event of one attempt of a tick. Its arguments are the message and the nominal time in
 * ms; its environment names the tick, whatever the guest's signature takes.
 *
 * @param tick The attempt.
 * @param trigger The id of the trigger.
 * @param policy What the trigger says about its ticks.
 * @returns The event.
 */
export function tickEvent(
  { scheduled, attempt }: TickAttempt,
  trigger: string,
  { input, timeout }: TickPolicy,
): TriggerEvent {
  const time = new Date(scheduled).toISOString();
  return {
    id: time,
    args: [input ?? time, scheduled],
    environment: {
      GYRE_TRIGGER_ID: trigger,
      GYRE_SCHEDULED_TIME: time,
      GYRE_ATTEMPT: String(attempt),
    },
    ...(timeout !== undefined && { timeout }),
  };
}
