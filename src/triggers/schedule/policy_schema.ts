/**
 * The manifest keys that say how the ticks of a trigger are run; the same for every trigger with a
 * schedule.
 *
 * @module
 */

import { z } from "zod";
import { parseDuration } from "../../duration.ts";
import { addProblem } from "../../manifest/problem.ts";
import { parseMoment } from "../../moment.ts";
import type { MissedPolicy, RetryPolicy, TickPolicy } from "./tick_policy.ts";

const DAY = 86_400_000;
/** The longest delay (ms) that the platform's timers take, for what is waited for in one go. */
const LONGEST_TIMEOUT = 2_147_483_647;
const DEFAULT_CATCH_UP_WINDOW = 3_600_000;
const DEFAULT_INITIAL = 1_000;
const DEFAULT_MAX = 60_000;

/**
 * Makes the schema of a duration.
 *
 * @param bounds The shortest and the longest one, in ms, and how to say that.
 * @returns The schema; it gives ms.
 */
export function durationSchema(
  bounds: { readonly min: number; readonly max: number; readonly expected: string },
): z.ZodType<number, string> {
  const { min, max, expected } = bounds;
  return z.string().transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined && milliseconds >= min && milliseconds <= max) {
      return milliseconds;
    }
    const message = milliseconds === undefined
      ? `"${text}" is no duration`
      : `"${text}" is too ${milliseconds < min ? "short" : "long"}`;
    addProblem(context, { code: "ERR_INVALID_VALUE", message, expected });
    return z.NEVER;
  }).describe(expected);
}

const MOMENT_EXPECTED = 'a date, a time and an offset, such as "2027-01-01T00:00:00Z"';

/** A TOML date writes itself with an offset only if it has one. */
const moment = z.union([z.string(), z.date().transform((date) => date.toISOString())])
  .transform((text, context) => {
    const milliseconds = parseMoment(text);
    if (milliseconds !== undefined) return milliseconds;
    addProblem(context, {
      code: "ERR_INVALID_VALUE",
      message: `"${text}" is no moment`,
      expected: MOMENT_EXPECTED,
    });
    return z.NEVER;
  }).describe(MOMENT_EXPECTED);

const retry = z.strictObject({
  attempts: z.int().min(1).max(1_000).describe("how often a tick is started at most, such as 3"),
  backoff: z.enum(["exponential", "fixed"]).default("exponential")
    .describe('"exponential" or "fixed"'),
  initial: durationSchema({ min: 0, max: DAY, expected: 'a pause up to "1d", such as "1s"' })
    .optional(),
  max: durationSchema({ min: 0, max: 7 * DAY, expected: 'a pause up to "7d", such as "1m"' })
    .optional(),
}).transform((table): RetryPolicy => {
  const { attempts, backoff, initial = DEFAULT_INITIAL } = table;
  return { attempts, backoff, initial, max: table.max ?? Math.max(DEFAULT_MAX, initial) };
}).describe('a table, such as { attempts = 3, backoff = "exponential", initial = "1s" }');

/** The keys, for the schema of a trigger's entry. */
export const POLICY_SHAPE = {
  overlap: z.enum(["skip", "queue", "replace", "allow"]).default("skip")
    .describe('"skip", "queue", "replace" or "allow"'),
  missed: z.enum(["skip", "once", "all"]).optional().describe('"skip", "once" or "all"'),
  catch_up_window: durationSchema({
    min: 0,
    max: 366 * DAY,
    expected: 'a duration up to "366d", such as "1h"',
  }).default(DEFAULT_CATCH_UP_WINDOW),
  jitter: durationSchema({ min: 0, max: DAY, expected: 'a duration up to "1d", such as "2s"' })
    .default(0),
  timeout: durationSchema({
    min: 1,
    max: LONGEST_TIMEOUT,
    expected: 'a duration from 1 ms to 24 days, such as "5m"',
  }).optional(),
  retry: retry.optional(),
  from: moment.optional(),
  until: moment.optional(),
  max_runs: z.int().min(1).max(1_000_000_000).optional()
    .describe("a whole number from 1 to 1,000,000,000"),
  input: z.string().optional().describe('a string, such as "daily"'),
} as const;

/** What the schema makes of the keys. */
type PolicyTable = z.infer<z.ZodObject<typeof POLICY_SHAPE>>;

/**
 * Makes a policy of the keys.
 *
 * @param table What the schema made of them.
 * @param missed What becomes of missed ticks where the entry does not say.
 * @param context Where a problem is added.
 * @returns The policy.
 */
export function toTickPolicy(
  table: PolicyTable,
  missed: MissedPolicy,
  context: z.RefinementCtx,
): TickPolicy {
  const { overlap, jitter, timeout, retry, from, until, input } = table;
  if (from !== undefined && until !== undefined && from >= until) {
    addProblem(context, {
      code: "ERR_INVALID_VALUE",
      message: `"until" is not after "from"`,
      expected: "an end after the beginning",
    });
  }
  return {
    overlap,
    missed: table.missed ?? missed,
    catchUpWindow: table.catch_up_window,
    jitter,
    ...(timeout !== undefined && { timeout }),
    ...(retry !== undefined && { retry }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(table.max_runs !== undefined && { maxRuns: table.max_runs }),
    ...(input !== undefined && { input }),
  };
}
