/**
 * Leaves the schedules of cron triggers to the platform's own scheduler, `Deno.cron`, as on Deno
 * Deploy, where a host that is idle is not kept running.
 *
 * @module
 */

import { PrepareError } from "../../errors.ts";
import type { ScheduleEntry } from "../schedule/schedule_entry.ts";
import { TickRunner } from "../schedule/tick_runner.ts";
import type { BoundTrigger, TriggerHost } from "../trigger.ts";
import type { CronConfig } from "./cron_schema.ts";

/** What `Deno.cron` counts in, in ms. */
const MINUTE = 60_000;
/** What `Deno.cron` allows in a name. */
const NOT_IN_NAME_REGEXP = /[^A-Za-z0-9 _-]/g;
const LONGEST_NAME = 64;
/** How a tick ended that another host left; the platform does not tell what it missed. */
const INTERRUPTED = { outcome: "interrupted", message: "The host ended while it ran" } as const;

/**
 * Registers triggers with the platform's scheduler, and runs the ticks that it calls for, until the
 * host stops.
 *
 * @param host The trigger's host.
 * @param toEntry Says what a trigger follows.
 * @throws {PrepareError} `ERR_PLATFORM_SCHEDULE` if the platform has no scheduler, or one that cannot
 * do what an entry wants.
 * @throws {StateError} If the ledger cannot be written.
 */
export async function runOnPlatform(
  host: TriggerHost,
  toEntry: (trigger: BoundTrigger, start: number) => ScheduleEntry,
): Promise<void> {
  const { clock, signal, triggers } = host;
  for (const trigger of triggers) assertPossible(trigger);
  const failure = new AbortController();
  const ended = AbortSignal.any([signal, failure.signal]);
  const entries = triggers.map((trigger) => toEntry(trigger, clock.now()));
  const registered = entries.map(async ({ trigger, schedule, policy }) => {
    const onFailure = (error: unknown) => failure.abort(error);
    const runner = new TickRunner(trigger, { policy, clock, signal: ended, onFailure });
    for (const { id } of trigger.runs.resume(schedule.key, clock.now()).unfinished) {
      trigger.runs.finish(id, INTERRUPTED, clock.now());
    }
    const { expression } = trigger.config as CronConfig;
    await Deno.cron(nameOf(trigger), expression, { signal: ended }, async () => {
      const scheduled = Math.floor(clock.now() / MINUTE) * MINUTE;
      if (schedule.next(scheduled - 1) !== scheduled) return; // not between `from` and `until`
      runner.admit(scheduled)?.();
      await runner.settled();
    });
    await runner.settled();
  });
  await Promise.all(registered);
  failure.signal.throwIfAborted();
}

function nameOf({ id }: BoundTrigger): string {
  return id.replaceAll(NOT_IN_NAME_REGEXP, "-").slice(0, LONGEST_NAME);
}

function assertPossible({ id, config }: BoundTrigger): void {
  const { expression, timezone, policy } = config as CronConfig;
  const fields = expression.trim().split(/\s+/);
  const problem = typeof Deno.cron !== "function"
    ? "this platform has no scheduler"
    : fields.length !== 5
    ? `its schedule "${expression}" does not have 5 fields`
    : /\d/.test(fields[4] ?? "")
    ? `its days of the week are the numbers "${
      fields[4]
    }", which mean other days there; write names`
    : timezone !== "UTC"
    ? `its time zone is ${timezone}, and not UTC`
    : policy.jitter > 0 || policy.maxRuns !== undefined
    ? "it has jitter or max_runs"
    : undefined;
  if (problem === undefined) return;
  throw new PrepareError(
    "ERR_PLATFORM_SCHEDULE",
    `The platform's scheduler cannot run trigger ${id}: ${problem}`,
    { hint: 'Remove scheduler = "platform" from [application.trigger.cron]' },
  );
}
