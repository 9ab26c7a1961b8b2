/**
 * The moments of cron expressions on a clock that is never changed. Parsing and calendar are
 * croner's; only this file imports it.
 *
 * @module
 */

import { CronDate, CronPattern } from "croner";

/** How many parsed expressions are kept, of about 5 KB each; one that was dropped is parsed anew. */
const MOST_KEPT = 2_000;
/** `5/15` stands for `5-59/15`, as in Spin's and Quartz's expressions. */
const PATTERN_OPTIONS = { sloppyRanges: true } as const;
/** croner's own is 80 KB large, and each pattern has one. */
const EVERY_YEAR = Array<number>(10_000).fill(1);
const UTC = 0;

/** The moments of a cron expression. */
export interface CronCalendar {
  /**
   * Whether the expression names its times of the day: there is no wildcard and no step in its
   * seconds, minutes and hours.
   */
  readonly isFixed: boolean;
  /** Whether there is any, from 1970 on. */
  readonly isEverDue: boolean;
  /**
   * Finds the first moment after another one.
   *
   * @param local What the clock shows, as if it was ms since the Unix epoch in UTC.
   * @returns What it shows then, at a whole second; `undefined` if it never does.
   */
  next(local: number): number | undefined;
}

const kept = new Map<string, CronCalendar>();

/**
 * Parses a cron expression, or finds what was parsed before.
 *
 * @param expression 5, 6 (with seconds before) or 7 fields (with years after), or a nickname.
 * @returns Its moments; `undefined` if it is not valid.
 */
export function cronCalendar(expression: string): CronCalendar | undefined {
  const calendar = kept.get(expression) ?? parse(expression);
  if (calendar === undefined) return undefined;
  kept.delete(expression); // so that it is the latest one
  kept.set(expression, calendar);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return calendar;
}

function parse(expression: string): CronCalendar | undefined {
  let pattern: CronPattern;
  try {
    pattern = new CronPattern(expression, undefined, PATTERN_OPTIONS);
  } catch {
    return undefined; // croner has no error type of its own
  }
  if (pattern.starYear) pattern.year = EVERY_YEAR;
  const next = (local: number) =>
    new CronDate(new Date(local), UTC).increment(pattern, {}, false)?.getTime();
  return { isFixed: isFixed(expression.trim()), isEverDue: next(0) !== undefined, next };
}

function isFixed(expression: string): boolean {
  if (expression.startsWith("@")) return expression.toLowerCase() !== "@hourly";
  const fields = expression.split(/\s+/);
  const times = fields.slice(0, fields.length === 5 ? 2 : 3);
  return !times.some((field) => /[*?/]/.test(field));
}
