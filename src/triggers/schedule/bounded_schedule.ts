import type { Schedule } from "./schedule.ts";

/** From when to when ticks are wanted, in ms since the Unix epoch. */
export interface ScheduleBounds {
  /** No tick comes before; one may come at this very moment. */
  readonly from?: number;
  /** No tick comes then or later. */
  readonly until?: number;
}

/**
 * Leaves out the ticks of a schedule that are before or after some moments.
 *
 * @param schedule The schedule.
 * @param bounds The moments.
 * @returns The schedule with the same key: its ticks within the bounds are the same.
 */
export function boundedSchedule(
  schedule: Schedule,
  { from = -Infinity, until = Infinity }: ScheduleBounds,
): Schedule {
  return {
    key: schedule.key,
    next(after) {
      const next = schedule.next(Math.max(after, from - 1));
      return next === undefined || next >= until ? undefined : next;
    },
  };
}
