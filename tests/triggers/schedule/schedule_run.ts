/**
 * Schedules under a clock that a test moves, with a real ledger, and guests that the test plays.
 *
 * @module
 */

import { RunLedger } from "../../../src/services/ledger/run_ledger.ts";
import type { RunRecord } from "../../../src/services/ledger/run_record.ts";
import type { TriggerRuns } from "../../../src/services/ledger/trigger_runs.ts";
import type { Outcome, OutcomeKind } from "../../../src/triggers/outcome.ts";
import { runSchedules } from "../../../src/triggers/schedule/run_schedules.ts";
import type { Schedule } from "../../../src/triggers/schedule/schedule.ts";
import type { TickPolicy } from "../../../src/triggers/schedule/tick_policy.ts";
import type { BoundTrigger, TriggerEvent } from "../../../src/triggers/trigger.ts";
import { type FakeClock, settled } from "../../support/fake_clock.ts";

/** What a ledger says of a tick, in few words: `2026-01-01T00:00:10.000Z ok`. */
export type Line = string;

/** One attempt that a guest was called for. */
export interface Call {
  /** The nominal time, as text. */
  readonly event: string;
  /** The attempt, as the guest sees it. */
  readonly attempt: string;
  /** When, in ms on the wall clock. */
  readonly at: number;
}

/** What a test says about a run. */
export interface ScheduleRunOptions {
  /** The clock. */
  readonly clock: FakeClock;
  /** When the ticks are; given the time of the start. */
  readonly schedule: (start: number) => Schedule;
  /** How they are run; over what an entry without any key has. */
  readonly policy?: Partial<TickPolicy>;
  /** Whether they follow the wall clock. Default: yes. */
  readonly followsWallClock?: boolean;
  /** How long (ms) the guest takes, and how it ends: by its number, from 0. Default: ok, at once. */
  readonly guest?: (call: number) => { readonly takes?: number; readonly kind?: OutcomeKind };
  /** How many ticks may wait. Default 100. */
  readonly queue?: number;
  /** The ledger, if it is that of an earlier host. */
  readonly ledger?: RunLedger;
}

const NO_POLICY: TickPolicy = {
  overlap: "skip",
  missed: "skip",
  catchUpWindow: 3_600_000,
  jitter: 0,
};

/** A host that follows one schedule. */
export class ScheduleRun implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly ledger: RunLedger;
  readonly calls: Call[] = [];
  /** How many events were said to be skipped. */
  skipped = 0;
  mostAtOnce = 0;
  /** Settles when the host has ended. */
  readonly finished: Promise<void>;
  readonly #options: ScheduleRunOptions;
  readonly #stopping = new AbortController();
  /** Fires when the process dies: nothing is written any more. */
  readonly #killed = new AbortController();
  #atOnce = 0;

  constructor(options: ScheduleRunOptions) {
    const { clock } = options;
    this.#options = options;
    this.clock = clock;
    this.ledger = options.ledger ?? RunLedger.open({
      application: "test",
      now: clock.now(),
      keep: { age: Infinity, count: Infinity, outputs: Infinity },
    });
    const { schedule, policy, followsWallClock = true } = options;
    this.finished = runSchedules(
      {
        triggers: [this.#trigger()],
        settings: undefined,
        clock,
        signal: this.#stopping.signal,
        once: false,
        batch: (work) => this.ledger.batch(work),
      },
      (trigger, start) => ({
        trigger,
        schedule: schedule(start),
        policy: { ...NO_POLICY, ...policy },
        followsWallClock,
      }),
    );
    this.finished.catch(() => {});
  }

  /** What the ledger has, the oldest first. */
  get records(): readonly RunRecord[] {
    return this.ledger.list({ limit: Infinity }).toReversed();
  }

  /** What the ledger has, in few words each. */
  get lines(): readonly Line[] {
    return this.records.map(({ scheduled, outcome, state, count }) => {
      const many = count === 1 ? "" : ` x${count}`;
      return `${new Date(scheduled).toISOString()} ${outcome ?? state}${many}`;
    });
  }

  /** The nominal times that guests were called for. */
  get events(): readonly string[] {
    return this.calls.map(({ event }) => event);
  }

  /** Moves time, and lets everything happen in it. */
  async advance(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
  }

  /** Ends the process without any warning. The ledger stays as it is, for {@linkcode restart}. */
  async kill(): Promise<void> {
    this.#killed.abort();
    this.#stopping.abort();
    await settled();
  }

  /** Stops in good order. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.clock.advance(3_600_000);
    await this.finished;
  }

  /** Starts the next host, with the same ledger. */
  restart(changes: Partial<ScheduleRunOptions> = {}): ScheduleRun {
    return new ScheduleRun({ ...this.#options, ...changes, ledger: this.ledger });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await settled();
    this.ledger[Symbol.dispose]();
  }

  #trigger(): BoundTrigger {
    return {
      id: "t",
      config: undefined,
      queue: this.#options.queue ?? 100,
      runs: this.#mortal(this.ledger.trigger("t", "c")),
      dispatch: (event) => this.#dispatch(event),
      skip: ({ count }) => {
        this.skipped += count;
      },
    };
  }

  /** What a dead process writes does not come into the ledger. */
  #mortal(runs: TriggerRuns): TriggerRuns {
    const { signal } = this.#killed;
    return {
      resume: (schedule, now) => runs.resume(schedule, now),
      schedule: (scheduled) => signal.aborted ? undefined : runs.schedule(scheduled),
      pass: (ticks) => signal.aborted ? undefined : runs.pass(ticks),
      start: (run, now) => signal.aborted ? undefined : runs.start(run, now),
      write: (run, line) => signal.aborted ? undefined : runs.write(run, line),
      finish: (run, result, now) => signal.aborted ? undefined : runs.finish(run, result, now),
      record: (run) => runs.record(run),
    };
  }

  async #dispatch(event: TriggerEvent): Promise<Outcome> {
    const { takes = 0, kind = "ok" } = this.#options.guest?.(this.calls.length) ?? {};
    const attempt = event.environment?.["GYRE_ATTEMPT"] ?? "";
    this.calls.push({ event: event.id, attempt, at: this.clock.now() });
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    const ended = await this.#take(takes, event.signal);
    this.#atOnce -= 1;
    const outcome = { component: "c", trigger: "t", event: event.id, duration: takes };
    if (!ended) {
      return { ...outcome, kind: "cancelled", error: { message: "cancelled", stack: [] } };
    }
    if (kind === "ok") return { ...outcome, kind };
    return { ...outcome, kind, error: { message: `The guest ended with ${kind}`, stack: [] } };
  }

  /** Returns whether the time passed before the signal came. */
  #take(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (milliseconds === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.clock.after(() => resolve(true), milliseconds);
      signal?.addEventListener("abort", () => {
        cancel();
        resolve(false);
      }, { once: true });
    });
  }
}
