/**
 * Which ticks are due, and which of them are run: pure arithmetic on a schedule.
 *
 * @module
 */

import type { Schedule } from "./schedule.ts";
import type { MissedPolicy } from "./tick_policy.ts";

/** A tick that is noticed later than this (ms) after it was due is a missed one. */
export const LATE = 5_000;
/** How many missed ticks are run one after another at most. */
const MOST_RUNS = 1_000;
/** How many ticks are counted one by one; of more it is only known from when to when. */
const MOST_COUNTED = 10_000;
/** How far back (ms) is looked at first for ticks that may be run. */
const FIRST_SPAN = 60_000;

/** The ticks that are due. */
export interface DueTicks {
  /** The nominal times of those that are to be run, the oldest first. */
  readonly runs: readonly number[];
  /** Those that are not run; they are all older than those that are. */
  readonly missed?: MissedTicks;
}

/** Ticks that are not run. */
export interface MissedTicks {
  /** The nominal time of the first. */
  readonly first: number;
  /** The nominal time of the last; where nobody counted, a moment before the next one at most. */
  readonly last: number;
  /** How many; `undefined` if they are too many to count. */
  readonly count: number | undefined;
}

/** What {@linkcode dueTicks} looks at. Times are in ms since the Unix epoch. */
export interface DueOptions {
  /** When the ticks are. */
  readonly schedule: Schedule;
  /** The nominal time up to which ticks were seen to. */
  readonly cursor: number;
  /** The time. */
  readonly now: number;
  /** What becomes of those that were missed. */
  readonly missed: MissedPolicy;
  /** How old (ms) a missed tick may be to be run. */
  readonly catchUpWindow: number;
  /** By how much (ms) a tick is put off at most. */
  readonly jitter: number;
  /** By how much (ms) a tick is put off; not so far that the next one comes first. */
  readonly delayOf: (scheduled: number) => number;
}

/**
 * Finds the ticks that are due. The latest one is on time if nobody is more than {@linkcode LATE}
 * late for it; all others were missed, because a later one is due already.
 *
 * @param options The schedule, how far it was followed, and what becomes of missed ticks.
 * @returns The ticks, none of them later than the time.
 */
export function dueTicks(options: DueOptions): DueTicks {
  const { schedule, cursor, now, missed, catchUpWindow, delayOf } = options;
  const first = schedule.next(cursor);
  if (first === undefined || !isDue(first, options)) return { runs: [] };
  const recent = recentTicks(options);
  const last = recent.at(-1);
  const wanted = missed === "all" ? MOST_RUNS : 1;
  const firstRun = recent.findIndex((tick, index) =>
    (tick === last && now - tick - delayOf(tick) <= LATE) ||
    (missed !== "skip" && tick >= now - catchUpWindow && index >= recent.length - wanted)
  );
  const runs = firstRun < 0 ? [] : recent.slice(firstRun);
  if (runs[0] === first) return { runs };
  const { count, latest } = countTicks(runs[0] ?? Infinity, options);
  return { runs, missed: { first, last: latest, count } };
}

/** The latest due ticks: all that may be run, and so many that those that are run are the latest. */
function recentTicks(options: DueOptions): readonly number[] {
  const { cursor, now, catchUpWindow } = options;
  const longest = Math.max(catchUpWindow, FIRST_SPAN);
  for (let span = FIRST_SPAN;; span *= 2) {
    // A tick's moment may be put off, so those are looked at that were to be a little before.
    const after = Math.max(cursor, now - Math.min(span, longest) - options.jitter - 1);
    const ticks = [...ticksAfter(after, options)];
    if (ticks.length >= MOST_RUNS || after === cursor || span >= longest) {
      return ticks.slice(-MOST_RUNS);
    }
  }
}

/** Counts the due ticks before a moment; gives up when they are too many. */
function countTicks(
  end: number,
  options: DueOptions,
): { readonly count: number | undefined; readonly latest: number } {
  let count = 0;
  let latest = options.cursor;
  for (const tick of ticksAfter(options.cursor, options)) {
    if (tick >= end) break;
    if (++count > MOST_COUNTED) {
      return { count: undefined, latest: Math.min(end - 1, options.now) };
    }
    latest = tick;
  }
  return { count, latest };
}

function* ticksAfter(after: number, options: DueOptions): Generator<number> {
  const { schedule } = options;
  for (
    let tick = schedule.next(after);
    tick !== undefined && isDue(tick, options);
    tick = schedule.next(tick)
  ) yield tick;
}

function isDue(tick: number, { now, delayOf }: DueOptions): boolean {
  return tick + delayOf(tick) <= now;
}
