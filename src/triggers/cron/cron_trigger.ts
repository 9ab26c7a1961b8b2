/**
 * The cron trigger: calls a component when the calendar says so.
 *
 * @module
 */

import { boundedSchedule } from "../schedule/bounded_schedule.ts";
import { cronSchedule } from "../schedule/cron_schedule.ts";
import { runSchedules } from "../schedule/run_schedules.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Trigger } from "../trigger.ts";
import { type CronConfig, cronSchema, type CronSettings } from "./cron_schema.ts";
import { EXPECTED_SHAPES, findEntryPoint } from "./entry_point.ts";
import { runOnPlatform } from "./platform_scheduler.ts";

/** The cron trigger. */
export const cronTrigger: Trigger = {
  schema: cronSchema,
  expected: EXPECTED_SHAPES,
  findEntryPoint,
  describe(config) {
    const { expression, timezone } = configOf(config);
    return `${expression}, in ${timezone}`;
  },
  schedule: (config) => ({
    schedule: scheduleOf(config),
    timezone: configOf(config).timezone,
  }),
  run(host) {
    const { scheduler } = host.settings as CronSettings;
    const run = scheduler === "platform" && !host.once ? runOnPlatform : runSchedules;
    return run(host, (trigger) => ({
      trigger,
      schedule: scheduleOf(trigger.config),
      policy: configOf(trigger.config).policy,
      followsWallClock: true,
    }));
  },
};

function scheduleOf(config: unknown): Schedule {
  const { expression, timezone, policy } = configOf(config);
  return boundedSchedule(cronSchedule({ expression, timezone }), policy);
}

/** The schema made this value, and nothing else comes here. */
function configOf(config: unknown): CronConfig {
  return config as CronConfig;
}
