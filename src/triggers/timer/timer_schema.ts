/**
 * The manifest keys of the timer trigger.
 *
 * @module
 */

import { z } from "zod";
import type { TriggerSchema } from "../../app/trigger_schema.ts";
import { parseDuration } from "../../duration.ts";

/** The shortest interval, in ms: a shorter one is a busy loop. */
const MINIMUM_INTERVAL = 1;
/** The longest interval, in ms, of 100 years: ticks beyond it are no dates any more. */
const MAXIMUM_INTERVAL = 100 * 365 * 86_400_000;
/** The largest speedup: it makes an hour a second's fraction, and is for tests. */
const MAXIMUM_SPEEDUP = 1_000_000;
const INTERVAL_EXPECTED = 'a duration from 1 ms to 100 years, such as "250ms", "10s", "5m" or "1h"';

const interval = z.string().describe(INTERVAL_EXPECTED).transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (
    milliseconds === undefined || milliseconds < MINIMUM_INTERVAL || milliseconds > MAXIMUM_INTERVAL
  ) {
    context.addIssue({
      code: "custom",
      message: `"${text}" is no interval`,
      params: { expected: INTERVAL_EXPECTED },
    });
    return z.NEVER;
  }
  return milliseconds;
});

const config = z.strictObject({
  interval: interval.optional(),
  interval_secs: z.number().min(MINIMUM_INTERVAL / 1_000).max(MAXIMUM_INTERVAL / 1_000).optional(),
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
  return { interval: entry.interval ?? (seconds ?? 0) * 1_000 };
});

const settings = z.strictObject({ speedup: z.number().positive().max(MAXIMUM_SPEEDUP).default(1) });

/** The keys of one `[[trigger.timer]]` entry, resolved. */
export interface TimerConfig {
  /** The time between two ticks, in ms, before the application's `speedup`. */
  readonly interval: number;
}

/** The keys of `[application.trigger.timer]`, resolved. */
export interface TimerSettings {
  /** How many times faster than written the timers run; for tests. Default 1. */
  readonly speedup: number;
}

/** The schema of `[[trigger.timer]]` and `[application.trigger.timer]`. */
export const timerSchema: TriggerSchema = { type: "timer", config, settings };
