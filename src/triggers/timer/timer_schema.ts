/**
 * The manifest keys of the timer trigger.
 *
 * @module
 */

import { z } from "zod";
import type { TriggerSchema } from "../../app/trigger_schema.ts";
import { parseDuration } from "../../duration.ts";
import { addProblem } from "../../manifest/problem.ts";
import { durationSchema, POLICY_SHAPE, toTickPolicy } from "../schedule/policy_schema.ts";
import type { TickPolicy } from "../schedule/tick_policy.ts";

/** The shortest interval, in ms: a shorter one is a busy loop. */
const MINIMUM_INTERVAL = 1;
/** The longest interval, in ms, of 100 years: ticks beyond it are no dates any more. */
const MAXIMUM_INTERVAL = 100 * 365 * 86_400_000;
/** The largest speedup: it makes an hour a second's fraction, and is for tests. */
const MAXIMUM_SPEEDUP = 1_000_000;
const START_EXPECTED = '"immediately", "aligned", or a delay such as "30s"';

const interval = durationSchema({
  min: MINIMUM_INTERVAL,
  max: MAXIMUM_INTERVAL,
  expected: 'a duration from 1 ms to 100 years, such as "250ms", "10s", "5m" or "1h"',
});

const start = z.string().transform((text, context): TimerStart => {
  if (text === "immediately") return 0;
  if (text === "aligned") return text;
  const delay = parseDuration(text);
  if (delay !== undefined && delay <= MAXIMUM_INTERVAL) return delay;
  addProblem(context, {
    code: "ERR_INVALID_VALUE",
    message: `"${text}" is no start`,
    expected: START_EXPECTED,
  });
  return z.NEVER;
}).describe(START_EXPECTED);

const config = z.strictObject({
  interval: interval.optional(),
  interval_secs: z.number().min(MINIMUM_INTERVAL / 1_000).max(MAXIMUM_INTERVAL / 1_000).optional(),
  start: start.optional(),
  ...POLICY_SHAPE,
}).transform((entry, context): TimerConfig => {
  const seconds = entry.interval_secs;
  if ((entry.interval === undefined) === (seconds === undefined)) {
    context.addIssue({
      code: "custom",
      message: entry.interval === undefined
        ? "A timer has no interval"
        : "A timer has both interval and interval_secs",
      params: {
        expected: "exactly one of interval and interval_secs",
        ...(entry.interval === undefined && { code: "ERR_MISSING_KEY" }),
      },
    });
    return z.NEVER;
  }
  return {
    interval: entry.interval ?? (seconds ?? 0) * 1_000,
    ...(entry.start !== undefined && { start: entry.start }),
    policy: toTickPolicy(entry, "skip", context),
  };
});

const settings = z.strictObject({ speedup: z.number().positive().max(MAXIMUM_SPEEDUP).default(1) });

/** When the first tick is: on the wall clock's own grid, or so many ms after the start. */
export type TimerStart = "aligned" | number;

/** The keys of one `[[trigger.timer]]` entry, resolved. */
export interface TimerConfig {
  /** The time between two ticks, in ms, before the application's `speedup`. */
  readonly interval: number;
  /** When the first tick is; one interval after the start if absent. */
  readonly start?: TimerStart;
  /** How ticks are run. */
  readonly policy: TickPolicy;
}

/** The keys of `[application.trigger.timer]`, resolved. */
export interface TimerSettings {
  /** How many times faster than written the timers run; for tests. Default 1. */
  readonly speedup: number;
}

/** The schema of `[[trigger.timer]]` and `[application.trigger.timer]`. */
export const timerSchema = { type: "timer", config, settings } as const satisfies TriggerSchema;
