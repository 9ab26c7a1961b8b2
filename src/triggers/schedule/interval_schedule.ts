import type { Schedule } from "./schedule.ts";

/** A grid of moments. */
export interface IntervalOptions {
  /** The first tick, in ms since the Unix epoch; 0 for the wall clock's own grid. */
  readonly anchor: number;
  /** The time between two ticks, in ms; at least 1. A fraction is kept, and each tick rounded. */
  readonly interval: number;
}

/**
 * Makes the schedule of a fixed interval: tick `n` is at `anchor + n * interval`. Nothing is ever
 * added to the tick before, so that nothing adds up to a drift.
 *
 * @param options The first tick and the distance.
 * @returns The schedule.
 */
export function intervalSchedule({ anchor, interval }: IntervalOptions): Schedule {
  const tick = (index: number) => Math.round(anchor + index * interval);
  return {
    key: `every ${interval} ms from ${anchor}`,
    next(after) {
      // The division may be off by one at a tick's own moment, and rounding moves it by half a ms.
      let index = Math.max(0, Math.floor((after - anchor) / interval) - 1);
      while (tick(index) <= after) index++;
      return tick(index);
    },
  };
}
