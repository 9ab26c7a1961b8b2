/**
 * Follows the schedules of triggers: what the timer and the cron trigger both do.
 *
 * @module
 */

import type { BoundTrigger, TriggerHost } from "../trigger.ts";
import { runByHand } from "./run_by_hand.ts";
import type { ScheduleEntry } from "./schedule_entry.ts";
import { ScheduledTrigger } from "./scheduled_trigger.ts";
import { Scheduler } from "./scheduler.ts";
import { TickRunner } from "./tick_runner.ts";

/**
 * Follows schedules until they have no further tick or the host stops, and what runs has ended.
 *
 * @param host The trigger's host.
 * @param toEntry Says what a trigger follows, given the time of the start in ms since the Unix epoch.
 * @throws {StateError} If the ledger cannot be written.
 */
export async function runSchedules(
  host: TriggerHost,
  toEntry: (trigger: BoundTrigger, start: number) => ScheduleEntry,
): Promise<void> {
  const { clock } = host;
  const start = { wall: clock.now(), monotonic: clock.monotonic() };
  const entries = host.triggers.map((trigger) => toEntry(trigger, start.wall));
  if (host.once) {
    await Promise.all(entries.map((entry) => runByHand(entry, clock)));
    return;
  }
  const steadyNow = () => start.wall + clock.monotonic() - start.monotonic;
  const { true: wall = [], false: steady = [] } = Object.groupBy(
    entries,
    ({ followsWallClock }) => String(followsWallClock),
  );
  const failure = new AbortController();
  await Promise.all([
    follow(wall, { host, failure, now: () => clock.now(), begin: start.wall }),
    // A tick at the very start is one of those that are to come.
    follow(steady, { host, failure, now: steadyNow, begin: start.wall - 1 }),
  ]);
  failure.signal.throwIfAborted();
}

/** What entries are followed with. */
interface FollowOptions {
  readonly host: TriggerHost;
  /** Ends all of them when the ledger cannot be written. */
  readonly failure: AbortController;
  /** Gives the time, in ms since the Unix epoch. */
  readonly now: () => number;
  /** What a trigger without a past begins after, in ms since the Unix epoch. */
  readonly begin: number;
}

/** Follows entries on one clock. Does not reject: what fails goes to `failure`. */
async function follow(
  entries: readonly ScheduleEntry[],
  { host: { clock, batch, signal }, failure, now, begin }: FollowOptions,
): Promise<void> {
  const onFailure = (error: unknown) => failure.abort(error);
  const ended = AbortSignal.any([signal, failure.signal]);
  const parts = entries.map((entry) => ({
    ...entry,
    runner: new TickRunner(entry.trigger, {
      policy: entry.policy,
      clock,
      signal: ended,
      onFailure,
    }),
  }));
  try {
    const sleepers = batch(() => parts.map((part) => new ScheduledTrigger(part, begin)));
    await new Scheduler(sleepers, { clock, now, batch, signal: ended }).run();
  } catch (error) {
    onFailure(error);
  }
  await Promise.all(parts.map(({ runner }) => runner.settled()));
}
