/**
 * A running application: its triggers listen until it is stopped.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import type { Clock } from "../clock.ts";
import type { ExecutionContext } from "../context/execution_context.ts";
import { CancelledError } from "../guest/failure.ts";
import { dispatch } from "../triggers/dispatch.ts";
import type { Outcome } from "../triggers/outcome.ts";
import type { BoundTrigger, Trigger, TriggerHost } from "../triggers/trigger.ts";
import type { RunEvents, Stopped } from "./events.ts";
import { SkipReport } from "./skip_report.ts";
import type { RunLedger } from "../services/ledger/run_ledger.ts";
import type { Binding } from "./binding.ts";

/** How long (ms) running events may take to end when the application stops. */
const DEFAULT_GRACE = 5_000;

/** What a {@linkcode RunningApplication} is made of. */
export interface RunningApplicationParts {
  /** The application. */
  readonly application: Application;
  /** Its triggers with their components. */
  readonly bindings: readonly Binding[];
  /** What the components were prepared by; disposed at the end. */
  readonly context: ExecutionContext;
  /** Keeps what was run. */
  readonly ledger: RunLedger;
  /** Who hears of what happens. */
  readonly events: RunEvents;
  /** Time, for schedules and durations. */
  readonly clock: Clock;
  /** Whether every trigger fires exactly once. */
  readonly once: boolean;
  /** What else is to be disposed at the end. */
  readonly resources: Disposable;
  /** Stops the application. */
  readonly signal?: AbortSignal;
  /** How long (ms) running events may take to end when nobody says otherwise. Default 5,000. */
  readonly grace?: number;
}

/** Options of {@linkcode RunningApplication.stop}. */
export interface StopOptions {
  /** How long (ms) running events may take to end before they are cancelled. Default 5,000. */
  readonly grace?: number;
}

/** A running application. */
export class RunningApplication implements AsyncDisposable {
  /** What happens, from now on. */
  readonly events: RunEvents;
  /** Settles once the application has stopped, whether by itself or by {@linkcode stop}. */
  readonly finished: Promise<Stopped>;
  readonly #parts: RunningApplicationParts;
  readonly #stopping = new AbortController();
  readonly #cancelling = new AbortController();
  readonly #counts = { ok: 0, failed: 0, skipped: 0 };
  #unlink: () => void = () => {};
  #running = 0;
  #isStopped = false;

  /**
   * Starts the triggers.
   *
   * @param parts What the application is made of.
   */
  constructor(parts: RunningApplicationParts) {
    this.#parts = parts;
    this.events = parts.events;
    const { application, bindings, events, signal } = parts;
    const settings = application.triggerSettings;
    events.emit("started", {
      application: application.name,
      triggers: bindings.map(({ config, trigger }) => ({
        id: config.id,
        type: config.type,
        component: config.component,
        description: trigger.describe(config.config, settings[config.type]),
      })),
    });
    this.finished = this.#run();
    this.finished.catch(() => {}); // stop(), and whoever awaits `finished`, get it
    const stop = () => {
      this.stop().catch(() => {}); // whoever awaits `finished` gets it
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
    this.#unlink = () => signal?.removeEventListener("abort", stop);
  }

  /**
   * Stops: takes no further event, lets running ones end, and cancels those that do not in time.
   * A second call with a shorter grace shortens the wait.
   *
   * @param options How long to wait.
   * @returns What ran, once nothing runs any more.
   */
  async stop(options: StopOptions = {}): Promise<Stopped> {
    const { grace = this.#parts.grace ?? DEFAULT_GRACE } = options;
    if (!this.#stopping.signal.aborted && !this.#isStopped) {
      this.events.emit("stopping", { running: this.#running, grace });
      this.#stopping.abort();
    }
    const cancelTimer = this.#parts.clock.after(() => {
      this.#cancelling.abort(new CancelledError("The application was stopped"));
    }, grace);
    try {
      return await this.finished;
    } finally {
      cancelTimer();
    }
  }

  /** Stops with the default grace. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<Stopped> {
    const { bindings, context } = this.#parts;
    const byTrigger = Map.groupBy(bindings, ({ trigger }) => trigger);
    try {
      const results = await Promise.allSettled(
        [...byTrigger].map(([trigger, entries]) => this.#runTrigger(trigger, entries)),
      );
      const failed = results.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    } finally {
      try {
        await context[Symbol.asyncDispose]();
      } finally {
        this.#end();
      }
    }
    return this.#stopped();
  }

  #end(): void {
    this.#isStopped = true;
    this.#unlink();
    this.events.emit("stopped", this.#stopped());
    this.#parts.resources[Symbol.dispose]();
  }

  #stopped(): Stopped {
    return { ...this.#counts, forced: this.#cancelling.signal.aborted };
  }

  async #runTrigger(
    trigger: Trigger,
    bindings: readonly Binding[],
  ): Promise<void> {
    try {
      await trigger.run(this.#hostOf(trigger, bindings));
    } catch (error) {
      this.#stopping.abort(); // the others are not to go on as if all were well
      throw error;
    }
  }

  #hostOf(trigger: Trigger, bindings: readonly Binding[]): TriggerHost {
    const { application, ledger, clock, once } = this.#parts;
    return {
      triggers: bindings.map((binding) => this.#bound(binding)),
      settings: application.triggerSettings[trigger.schema.type],
      clock,
      signal: this.#stopping.signal,
      once,
      batch: (work) => ledger.batch(work),
    };
  }

  #bound({ config, component, entryPoint }: Binding): BoundTrigger {
    const { clock, events, ledger } = this.#parts;
    const target = {
      trigger: config.id,
      component,
      entryPoint,
      clock,
      signal: this.#cancelling.signal,
    };
    const skips = new SkipReport(clock, (count, reason) => {
      events.emit("skipped", { trigger: config.id, component: config.component, count, reason });
    });
    return {
      id: config.id,
      config: config.config,
      queue: component.component.limits.queue,
      runs: ledger.trigger(config.id, config.component),
      dispatch: async (event) => {
        this.#running++;
        const outcome = await dispatch(event, target);
        this.#running--;
        this.#count(outcome);
        events.emit("outcome", outcome);
        return outcome;
      },
      skip: ({ count, reason }) => {
        this.#counts.skipped += count;
        skips.add(count, reason);
      },
    };
  }

  #count({ kind }: Outcome): void {
    if (kind === "ok") this.#counts.ok++;
    else this.#counts.failed++;
  }
}
