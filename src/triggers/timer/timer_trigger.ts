/**
 * The timer trigger: calls a component at a fixed interval.
 *
 * @module
 */

import { type Clock, delay } from "../../clock.ts";
import { formatDuration } from "../../duration.ts";
import { nextTick } from "../schedule/interval.ts";
import type { BoundTrigger, Trigger, TriggerEvent, TriggerHost } from "../trigger.ts";
import { EXPECTED_SHAPES, findEntryPoint } from "./entry_point.ts";
import { type TimerConfig, timerSchema, type TimerSettings } from "./timer_schema.ts";

/** Longest single sleep (ms): a longer one could sleep through a suspended machine's waking up. */
const LONGEST_SLEEP = 30_000;

/** Shortest time (ms) between two ticks, however large the speedup. */
const SHORTEST_PERIOD = 1;

/** The timer trigger. Ticks of one entry never overlap; the first comes after one interval. */
export const timerTrigger: Trigger = {
  schema: timerSchema,
  expected: EXPECTED_SHAPES,
  findEntryPoint,
  describe: (config, settings) => `every ${formatDuration(period(config, settings))}`,
  async run(host) {
    const run = host.once ? fireOnce : fireUntilStopped;
    await Promise.all(host.triggers.map((trigger) => run(trigger, host)));
  },
};

async function fireOnce(
  trigger: BoundTrigger,
  { clock }: TriggerHost,
): Promise<void> {
  await trigger.dispatch(tick(clock.now()));
}

async function fireUntilStopped(
  trigger: BoundTrigger,
  host: TriggerHost,
): Promise<void> {
  const { clock, signal } = host;
  const interval = period(trigger.config, host.settings);
  const start = { wall: clock.now(), monotonic: clock.monotonic() };
  for (let last = 0;;) {
    const { index, skipped } = nextTick(
      last,
      clock.monotonic() - start.monotonic,
      interval,
    );
    if (signal.aborted) return;
    if (skipped > 0) {
      trigger.skip({
        count: skipped,
        reason: "the tick before was still running, or the host was late",
      });
    }
    if (!await sleepUntil(start.monotonic + index * interval, clock, signal)) {
      return;
    }
    await trigger.dispatch(tick(start.wall + index * interval));
    last = index;
  }
}

/** Waits for a moment of the monotonic clock. Returns `false` if the signal came first. */
async function sleepUntil(
  due: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const left = due - clock.monotonic();
    if (left <= 0) return !signal.aborted;
    if (!await delay(clock, Math.min(left, LONGEST_SLEEP), signal)) {
      return false;
    }
  }
}

function tick(scheduled: number): TriggerEvent {
  const time = new Date(scheduled).toISOString();
  return { id: time, args: [time] };
}

/** The schemas made these values, and nothing else comes here. */
function period(config: unknown, settings: unknown): number {
  const period = (config as TimerConfig).interval / (settings as TimerSettings).speedup;
  return Math.max(SHORTEST_PERIOD, period);
}
