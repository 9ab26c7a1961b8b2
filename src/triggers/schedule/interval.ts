/**
 * The ticks of an interval, as pure arithmetic on an absolute grid: tick `n` is due at
 * `n * interval` after the start, whatever happened before. Nothing is ever added to "now", so
 * ticks do not drift.
 *
 * @module
 */

/** The next tick of a grid. */
export interface NextTick {
  /** The tick's number; the first is 1. */
  readonly index: number;
  /** How many ticks between the last one and this one were due and are not run. */
  readonly skipped: number;
}

/**
 * Finds the tick that comes after the last one.
 *
 * @param last The number of the last tick that ran; 0 before the first.
 * @param elapsed The time since the start, in ms.
 * @param interval The time between two ticks, in ms.
 * @returns The first tick after the last one whose time has not passed.
 */
export function nextTick(
  last: number,
  elapsed: number,
  interval: number,
): NextTick {
  const index = Math.max(last + 1, Math.ceil(elapsed / interval));
  return { index, skipped: index - last - 1 };
}
