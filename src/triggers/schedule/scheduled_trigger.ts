/**
 * One trigger that follows a schedule: finds out which of its ticks are due, were missed, or were
 * left by an earlier host, and hands them to its runner.
 *
 * @module
 */

import type { UnfinishedRun } from "../../services/ledger/run_record.ts";
import type { BoundTrigger } from "../trigger.ts";
import { dueTicks } from "./due_ticks.ts";
import { jitterOf } from "./jitter.ts";
import type { Schedule } from "./schedule.ts";
import type { Sleeper } from "./scheduler.ts";
import type { TickPolicy } from "./tick_policy.ts";
import type { TickRunner } from "./tick_runner.ts";

/** What a {@linkcode ScheduledTrigger} is made of. */
export interface ScheduledTriggerParts {
  /** The trigger. */
  readonly trigger: BoundTrigger;
  /** When its ticks are. */
  readonly schedule: Schedule;
  /** How they are run. */
  readonly policy: TickPolicy;
  /** What runs them. */
  readonly runner: TickRunner;
}

/** One trigger that follows a schedule. */
export class ScheduledTrigger implements Sleeper {
  readonly #parts: ScheduledTriggerParts;
  /** The nominal time up to which ticks were seen to. */
  #cursor: number;
  #unfinished: readonly UnfinishedRun[];
  #started: number;
  #due: number | undefined;

  /**
   * Takes over from an earlier host. To be called within a batch.
   *
   * @param parts What it is made of.
   * @param begin What a trigger without a past begins after, in ms since the Unix epoch.
   */
  constructor(parts: ScheduledTriggerParts, begin: number) {
    this.#parts = parts;
    const { cursor, unfinished, runs } = parts.trigger.runs.resume(
      parts.schedule.key,
      Math.floor(begin),
    );
    this.#cursor = cursor;
    this.#unfinished = unfinished;
    this.#started = runs;
    this.#due = unfinished.length > 0 ? begin : this.#nextDue();
  }

  /** When the next tick is to be run, in ms since the Unix epoch; `undefined` if none is left. */
  get due(): number | undefined {
    return this.#due;
  }

  /**
   * Takes the ticks that are due.
   *
   * @param now The time, in ms since the Unix epoch.
   * @returns What starts them, once they are in the ledger.
   */
  wake(now: number): readonly (() => void)[] {
    const { trigger, schedule, policy, runner } = this.#parts;
    const { missed, catchUpWindow, jitter } = policy;
    const { runs, missed: passed } = dueTicks({
      schedule,
      cursor: this.#cursor,
      now,
      missed,
      catchUpWindow,
      jitter,
      delayOf: (scheduled) => this.#delayOf(scheduled),
    });
    const work = this.#resume(now, runs.length > 0);
    if (passed !== undefined) {
      const reason = runs.length === 0 || missed === "skip"
        ? "the host was down, asleep or late"
        : `the tick of ${new Date(runs[0] ?? now).toISOString()} stands for them`;
      trigger.runs.pass({ ...passed, outcome: "missed", message: `Not run, because ${reason}` });
      trigger.skip({ count: passed.count ?? 1, reason });
    }
    // Several at once are missed ones that are all to be run, which no overlap policy is about.
    const isBacklog = runs.length > 1 || work.length > 0;
    for (const scheduled of runs.slice(0, this.#left())) {
      const start = isBacklog ? runner.enqueue(scheduled) : runner.admit(scheduled);
      if (start === undefined) continue;
      this.#started += 1;
      work.push(start);
    }
    this.#cursor = runs.at(-1) ?? passed?.last ?? this.#cursor;
    this.#due = this.#nextDue();
    return work;
  }

  /**
   * Looks anew at when the next tick is, because the clock was set back.
   *
   * @param now The time, in ms since the Unix epoch.
   */
  reschedule(now: number): void {
    const { trigger, schedule } = this.#parts;
    this.#cursor = trigger.runs.resume(schedule.key, Math.floor(now)).cursor;
    this.#due = this.#nextDue();
  }

  /** Goes on with what an earlier host left, or ends it, if a later tick stands for it. */
  #resume(now: number, hasLater: boolean): (() => void)[] {
    const { policy, runner } = this.#parts;
    const unfinished = this.#unfinished;
    this.#unfinished = [];
    const young = unfinished.filter(({ scheduled }) => scheduled >= now - policy.catchUpWindow);
    const retried = young.filter(({ attempts }) =>
      attempts > 0 && attempts < (policy.retry?.attempts ?? 1)
    );
    const missed = young.filter((run) => !retried.includes(run));
    const rerun = policy.missed === "all" ? missed : missed.slice(-1);
    const isRerun = policy.missed === "all" || (policy.missed === "once" && !hasLater);
    const resumed = unfinished.filter((run) =>
      retried.includes(run) || (isRerun && rerun.includes(run))
    );
    for (const run of unfinished) if (!resumed.includes(run)) this.#end(run, now);
    return resumed.map((run) => runner.resume(run));
  }

  #end({ id, attempts }: UnfinishedRun, now: number): void {
    const { trigger } = this.#parts;
    const wasStarted = attempts > 0;
    const message = wasStarted
      ? "The host ended while it ran"
      : "Not run, because the host ended while it waited";
    trigger.runs.finish(
      id,
      { outcome: wasStarted ? "interrupted" : "missed", message },
      Math.floor(now),
    );
    trigger.skip({ count: 1, reason: "an earlier host ended before it" });
  }

  #left(): number {
    return Math.max(0, (this.#parts.policy.maxRuns ?? Infinity) - this.#started);
  }

  #nextDue(): number | undefined {
    if (this.#left() === 0) return undefined;
    const next = this.#parts.schedule.next(this.#cursor);
    return next === undefined ? undefined : next + this.#delayOf(next);
  }

  #delayOf(scheduled: number): number {
    const { trigger, schedule, policy } = this.#parts;
    if (policy.jitter === 0) return 0;
    const next = schedule.next(scheduled) ?? Infinity;
    return Math.min(jitterOf(trigger.id, scheduled, policy.jitter), next - scheduled - 1);
  }
}
