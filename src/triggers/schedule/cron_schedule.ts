/**
 * The schedules of cron expressions, in a time zone. Parsing and calendar are croner's.
 *
 * @module
 */

import { Cron } from "croner";
import { messageOf } from "../../errors.ts";
import { nearest } from "../../manifest/nearest.ts";
import type { Schedule } from "./schedule.ts";

/** How many expressions are kept in mind, so that the triggers that have one share its parsing. */
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
 * Makes the schedule of a cron expression. A time that daylight saving leaves out comes right after
 * the gap; one that comes twice is a tick once if the expression names the hour, and twice if it
 * takes any hour.
 *
 * @param options The expression and its time zone.
 * @returns The schedule.
 * @throws {TypeError} If the expression or the zone is not valid; see {@linkcode validateCron}.
 */
export function cronSchedule({ expression, timezone }: CronOptions): Schedule {
  const key = `${expression} in ${timezone}`;
  const known = shared.get(key);
  if (known !== undefined) return known;
  const schedule = remembered(key, new Cron(expression, { timezone, paused: true }));
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(key, schedule);
  return schedule;
}

/** A tick is asked for again and again until it is due, and costs more than to remember it. */
function remembered(key: string, cron: Cron): Schedule {
  let last: { readonly after: number; readonly next: number | undefined } | undefined;
  return {
    key,
    next(after) {
      if (last?.after !== after) {
        last = { after, next: cron.nextRun(new Date(after))?.getTime() };
      }
      return last.next;
    },
  };
}

/** What is wrong with a cron expression or its time zone. */
export interface CronProblem {
  /** As a sentence without a full stop. */
  readonly message: string;
  /** What would be right. */
  readonly expected: string;
  /** What may have been meant. */
  readonly hint?: string;
}

/**
 * Finds out what is wrong with a cron expression or its time zone.
 *
 * @param expression The expression.
 * @param timezone The time zone.
 * @returns The problem; `undefined` if there is none.
 */
export function validateCron(expression: string, timezone: string): CronProblem | undefined {
  if (!isTimezone(timezone)) {
    const meant = nearest(timezone, Intl.supportedValuesOf("timeZone"));
    return {
      message: `"${timezone}" is no time zone`,
      expected: 'the name of an IANA time zone, such as "Europe/Paris" or "UTC"',
      ...(meant !== undefined && { hint: `Did you mean "${meant}"?` }),
    };
  }
  try {
    if (new Cron(expression, { timezone, paused: true }).nextRun(new Date(0)) !== null) {
      return undefined;
    }
    return {
      message: `"${expression}" is never due`,
      expected: "a cron expression that some day fits",
    };
  } catch (error) {
    return {
      message: `"${expression}" is no cron expression: ${reasonOf(error)}`,
      expected: "5, 6 (seconds first) or 7 fields (years last), such as " +
        '"30 2 * * MON-FRI" or "@hourly"',
    };
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** croner's words, without its own name before them. */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/^CronPattern: /, "");
}
