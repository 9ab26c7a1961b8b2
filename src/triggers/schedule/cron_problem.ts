/**
 * What is wrong with cron expressions and time zones, in words that say how to put it right.
 *
 * @module
 */

import { nearest } from "../../manifest/nearest.ts";
import { cronCalendar } from "./cron_calendar.ts";
import { isTimeZone } from "./time_zone.ts";

/** A field of a cron expression. */
interface CronField {
  readonly name: string;
  readonly expected: string;
  /** The least and the largest number of a range. */
  readonly bounds?: readonly [number, number];
}

const SIXTY = 'a number from 0 to 59, "0-29", "*/15", a list of those, or "*"';
/** In the order of an expression with all of them. */
const FIELDS: readonly CronField[] = [
  { name: "seconds", expected: SIXTY, bounds: [0, 59] },
  { name: "minutes", expected: SIXTY, bounds: [0, 59] },
  {
    name: "hours",
    expected: 'a number from 0 to 23, "9-17", "*/6", a list of those, or "*"',
    bounds: [0, 23],
  },
  {
    name: "day of the month",
    expected: 'a number from 1 to 31, "1-7", "*/2", a list of those, "*", "L" (the last day), ' +
      '"15W" (the weekday nearest to the 15th) or "LW" (the last weekday)',
    bounds: [1, 31],
  },
  {
    name: "month",
    expected: 'a number from 1 to 12, "JAN" to "DEC", "6-8", a list of those, or "*"',
  },
  {
    name: "day of the week",
    expected: 'a number from 0 to 7 (0 and 7 are Sunday), "SUN" to "SAT", "MON-FRI", a list of ' +
      'those, "*", "MON#1" (the first Monday) or "FRI#L" (the last Friday)',
    bounds: [0, 6],
  },
  { name: "year", expected: 'a number such as 2027, "2027-2030", a list of those, or "*"' },
];
const FEWEST_FIELDS = 5;
const NICKNAMES = [
  ...["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"],
];
const EXPECTED = "5, 6 (seconds first) or 7 fields (years last), such as " +
  '"30 2 * * MON-FRI", or "@hourly"';

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
  return findZoneProblem(timezone) ?? findProblem(expression);
}

function findZoneProblem(timezone: string): CronProblem | undefined {
  if (isTimeZone(timezone)) return undefined;
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const city = `/${timezone.replaceAll(" ", "_").toLowerCase()}`;
  const meant = zones.find((zone) => zone.toLowerCase().endsWith(city)) ?? nearest(timezone, zones);
  return {
    message: `"${timezone}" is no time zone`,
    expected: 'the name of an IANA time zone, such as "Europe/Paris" or "UTC"',
    ...(meant !== undefined && { hint: `Did you mean "${meant}"?` }),
  };
}

function findProblem(expression: string): CronProblem | undefined {
  const calendar = cronCalendar(expression);
  if (calendar?.isEverDue) return undefined;
  if (calendar !== undefined) {
    return {
      message: `The cron expression "${expression}" is never due`,
      expected: "a day that there is in some year",
    };
  }
  const fields = expression.trim().split(/\s+/);
  if (expression.trim().startsWith("@")) return nicknameProblem(expression);
  if (fields.length < FEWEST_FIELDS || fields.length > FIELDS.length) {
    const count = expression.trim() === "" ? 0 : fields.length;
    return {
      message: `The number of fields of the cron expression "${expression}" is ${count}`,
      expected: EXPECTED,
    };
  }
  return fieldProblem(expression, fields) ?? {
    message: `"${expression}" is no cron expression`,
    expected: EXPECTED,
  };
}

function nicknameProblem(expression: string): CronProblem {
  const text = expression.trim();
  const meant = nearest(text.toLowerCase(), NICKNAMES);
  const hint = text.startsWith("@every")
    ? 'For a fixed interval use [[trigger.timer]], with interval = "5m"'
    : text.startsWith("@reboot")
    ? "For what runs once at the start use [[trigger.command]]"
    : meant !== undefined
    ? `Did you mean "${meant}"?`
    : undefined;
  return {
    message: `"${text}" is no cron expression`,
    expected: `one of ${NICKNAMES.join(", ")}`,
    ...(hint !== undefined && { hint }),
  };
}

/** Finds the first field that is wrong even where all others are `*`. */
function fieldProblem(expression: string, fields: readonly string[]): CronProblem | undefined {
  const first = fields.length === FEWEST_FIELDS ? 1 : 0;
  for (const [index, text] of fields.entries()) {
    const field = FIELDS[first + index];
    const alone = FIELDS.map((other) => other === field ? text : "*").join(" ");
    if (field === undefined || cronCalendar(alone) !== undefined) continue;
    const hint = hintOf(text, field);
    return {
      message: `The ${field.name} of the cron expression "${expression}" cannot be "${text}"`,
      expected: field.expected,
      ...(hint !== undefined && { hint }),
    };
  }
  return undefined;
}

/** A range that goes past its end is what people write most often that cron does not take. */
function hintOf(text: string, { bounds }: CronField): string | undefined {
  const [, start, end] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (start === undefined || end === undefined || Number(start) <= Number(end)) return undefined;
  return bounds && `Write "${start}-${bounds[1]},${bounds[0]}-${end}"`;
}
