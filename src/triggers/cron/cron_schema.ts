/**
 * The manifest keys of the cron trigger.
 *
 * @module
 */

import { z } from "zod";
import type { TriggerSchema } from "../../app/trigger_schema.ts";
import { addProblem, type Problem } from "../../manifest/problem.ts";
import { validateCron } from "../schedule/cron_problem.ts";
import { POLICY_SHAPE, toTickPolicy } from "../schedule/policy_schema.ts";
import type { TickPolicy } from "../schedule/tick_policy.ts";

const EXPRESSION_EXPECTED = 'a cron expression of 5, 6 or 7 fields, such as "30 2 * * MON-FRI", ' +
  'or "@hourly"';
/** For a check of the time zone alone. */
const ANY_EXPRESSION = "* * * * *";
const ZONE_EXPECTED = 'an IANA time zone, such as "Europe/Paris" or "UTC"';

const expression = z.string().check(checkedBy((text) => validateCron(text, "UTC")))
  .describe(EXPRESSION_EXPECTED);
const timezone = z.string().check(checkedBy((text) => validateCron(ANY_EXPRESSION, text)))
  .describe(ZONE_EXPECTED);

const config = z.strictObject({
  schedule: expression.optional(),
  cron_expression: expression.optional(),
  timezone: timezone.default("UTC"),
  ...POLICY_SHAPE,
}).transform((entry, context): CronConfig => {
  const { schedule, cron_expression, timezone } = entry;
  if ((schedule === undefined) === (cron_expression === undefined)) {
    const isMissing = schedule === undefined;
    addProblem(context, {
      code: isMissing ? "ERR_MISSING_KEY" : "ERR_INVALID_VALUE",
      message: isMissing
        ? "A cron trigger has no schedule"
        : "A cron trigger has both schedule and cron_expression",
      expected: "exactly one of schedule and cron_expression",
    });
    return z.NEVER;
  }
  const expression = schedule ?? cron_expression ?? "";
  return { expression, timezone, policy: toTickPolicy(entry, "once", context) };
});

const settings = z.strictObject({
  scheduler: z.enum(["host", "platform"]).default("host").describe('"host" or "platform"'),
});

/** The keys of one `[[trigger.cron]]` entry, resolved. */
export interface CronConfig {
  /** The cron expression. */
  readonly expression: string;
  /** The IANA time zone that it is meant in. */
  readonly timezone: string;
  /** How ticks are run. */
  readonly policy: TickPolicy;
}

/** The keys of `[application.trigger.cron]`, resolved. */
export interface CronSettings {
  /** Who follows the schedules: this host, or `Deno.cron`. */
  readonly scheduler: "host" | "platform";
}

/** The schema of `[[trigger.cron]]` and `[application.trigger.cron]`. */
export const cronSchema = { type: "cron", config, settings } as const satisfies TriggerSchema;

/** Makes a check of a field from what finds its problem. */
function checkedBy(
  findProblem: (text: string) => Omit<Problem, "code"> | undefined,
): (context: z.core.ParsePayload<string>) => void {
  return (payload) => {
    const problem = findProblem(payload.value);
    if (problem === undefined) return;
    const { message, ...params } = problem;
    payload.issues.push({
      code: "custom",
      input: payload.value,
      message,
      params: { code: "ERR_INVALID_VALUE", ...params },
    });
  };
}
