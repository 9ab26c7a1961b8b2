/**
 * The manifest keys of the timer trigger.
 *
 * @module
 */

import { z } from "zod";
import type { TriggerSchema } from "../../app/trigger_schema.ts";
import { parseDuration } from "../../duration.ts";

const MINIMUM_INTERVAL = 1;
const INTERVAL_EXPECTED = 'a duration of at least 1 ms, such as "250ms", "10s", "5m" or "1h"';

const interval = z.string().describe(INTERVAL_EXPECTED).transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds < MINIMUM_INTERVAL) {
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
  interval_secs: z.number().positive().optional(),
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

const settings = z.strictObject({ speedup: z.number().positive().default(1) });

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
