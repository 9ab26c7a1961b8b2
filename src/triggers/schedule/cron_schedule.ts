/**
 * The schedules of cron expressions, in a time zone. What happens where clocks are changed is Vixie
 * cron's rule; see `docs/scheduling.md`.
 *
 * @module
 */

import { type CronCalendar, cronCalendar } from "./cron_calendar.ts";
import type { Schedule } from "./schedule.ts";
import { zoneChange, zoneOffset } from "./time_zone.ts";

const DAY = 86_400_000;
/** How far (ms) it is looked ahead for a change of the clocks. */
const WINDOW = 2 * DAY;
/** What a longer gap (ms) leaves out is not made up for: a zone that moved over the date line. */
const LONGEST_GAP = 3 * 3_600_000;
/** How many schedules are kept in mind, so that the triggers that have one share it. */
const MOST_SHARED = 1_000;
const shared = new Map<string, Schedule>();

/** A cron expression and what it is meant in. */
export interface CronOptions {
  /** 5, 6 (with seconds before) or 7 fields (with years after), or a nickname such as `@hourly`. */
  readonly expression: string;
  /** An IANA time zone, such as `Europe/Paris`. */
  readonly timezone: string;
}

/**
 * Makes the schedule of a cron expression.
 *
 * An expression that names its times, with no `*`, `?` or `/` in seconds, minutes and hours, has
 * each of them once: a time that comes twice is a tick at its first coming, one that is left out is
 * a tick at the end of the gap. Any other expression has a tick whenever the clock shows a time that
 * fits: twice, or not at all.
 *
 * @param options The expression and its time zone.
 * @returns The schedule.
 * @throws {TypeError} If the expression is not valid; see {@linkcode validateCron}.
 * @throws {RangeError} If there is no such time zone.
 */
export function cronSchedule({ expression, timezone }: CronOptions): Schedule {
  const key = `${expression} in ${timezone}`;
  const known = shared.get(key);
  if (known !== undefined) return known;
  calendarOf(expression);
  zoneOffset(timezone, 0);
  const schedule = remembered(key, (after) => nextTick(expression, timezone, after));
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(key, schedule);
  return schedule;
}

/** A tick is asked for again and again until it is due, and costs more than to remember it. */
function remembered(key: string, find: Schedule["next"]): Schedule {
  let last: { readonly after: number; readonly next: number | undefined } | undefined;
  return {
    key,
    next(after) {
      if (last?.after !== after) last = { after, next: find(after) };
      return last.next;
    },
  };
}

/** Goes from one change of the clocks to the next; between them, local time is a fixed offset away. */
function nextTick(expression: string, zone: string, after: number): number | undefined {
  const calendar = calendarOf(expression);
  let from = after;
  let offset = zoneOffset(zone, from);
  /** What the clock has shown already; a named time does not come again. */
  let shown = calendar.isFixed ? latestShown(zone, after, offset) : -Infinity;
  for (;;) {
    const to = from + WINDOW;
    const change = zoneOffset(zone, to) === offset
      ? undefined
      : zoneChange(zone, { from, to, offset });
    const local = calendar.next(Math.max(from + offset, shown));
    const tick = (local ?? Infinity) - offset;
    if (tick < (change ?? to + 1)) return tick;
    if (change !== undefined) {
      const changed = zoneOffset(zone, change);
      if (calendar.isFixed) {
        const gap = changed - offset;
        if (gap <= LONGEST_GAP && tick < change + gap) return change;
        shown = change - 1 + offset;
      }
      from = change - 1;
      offset = changed;
    } else {
      if (local === undefined) return undefined;
      // Far away the offset is another one, perhaps; nothing is due until shortly before.
      from = tick - DAY;
      offset = zoneOffset(zone, from);
    }
  }
}

/** Finds the latest time that the clock has shown: before it was set back, if it was. */
function latestShown(zone: string, instant: number, offset: number): number {
  const from = instant - DAY;
  const before = zoneOffset(zone, from);
  if (before <= offset) return instant + offset;
  const change = zoneChange(zone, { from, to: instant, offset: before });
  return Math.max(instant + offset, change - 1 + before);
}

function calendarOf(expression: string): CronCalendar {
  const calendar = cronCalendar(expression);
  if (calendar === undefined) throw new TypeError(`"${expression}" is no cron expression`);
  return calendar;
}
