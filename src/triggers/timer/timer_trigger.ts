/**
 * The timer trigger: calls a component at a fixed interval.
 *
 * @module
 */

import { formatDuration } from "../../duration.ts";
import { boundedSchedule } from "../schedule/bounded_schedule.ts";
import { intervalSchedule } from "../schedule/interval_schedule.ts";
import { runSchedules } from "../schedule/run_schedules.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Trigger } from "../trigger.ts";
import { EXPECTED_SHAPES, findEntryPoint } from "./entry_point.ts";
import { type TimerConfig, timerSchema, type TimerSettings } from "./timer_schema.ts";

/** Shortest time (ms) between two ticks, however large the speedup. */
const SHORTEST_PERIOD = 1;

/** The timer trigger. The first tick comes after one interval, if the entry says nothing else. */
export const timerTrigger: Trigger = {
  schema: timerSchema,
  expected: EXPECTED_SHAPES,
  findEntryPoint,
  describe(config, settings) {
    const { start } = configOf(config);
    const aligned = start === "aligned" ? ", on the clock's own grid" : "";
    return `every ${formatDuration(period(config, settings))}${aligned}`;
  },
  schedule: (config, settings, start) => ({
    schedule: scheduleOf(config, settings, start),
    timezone: "UTC",
  }),
  run: (host) =>
    runSchedules(host, (trigger, start) => ({
      trigger,
      schedule: scheduleOf(trigger.config, host.settings, start),
      policy: configOf(trigger.config).policy,
      followsWallClock: configOf(trigger.config).start === "aligned",
    })),
};

function scheduleOf(config: unknown, settings: unknown, start: number): Schedule {
  const { start: first, policy } = configOf(config);
  const interval = period(config, settings);
  const anchor = first === "aligned" ? 0 : start + (first ?? interval);
  return boundedSchedule(intervalSchedule({ anchor, interval }), policy);
}

/** The schema made this value, and nothing else comes here. */
function configOf(config: unknown): TimerConfig {
  return config as TimerConfig;
}

/** The schema made these values, and nothing else comes here. */
function period(config: unknown, settings: unknown): number {
  const period = configOf(config).interval / (settings as TimerSettings).speedup;
  return Math.max(SHORTEST_PERIOD, period);
}
