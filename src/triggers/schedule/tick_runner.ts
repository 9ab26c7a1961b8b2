/**
 * Runs the ticks of one trigger: keeps to its overlap policy, tries failed ones again, and keeps the
 * ledger. A tick is in the ledger before anything is done for it.
 *
 * @module
 */

import { type Clock, delay } from "../../clock.ts";
import { formatDuration } from "../../duration.ts";
import { CancelledError } from "../../guest/failure.ts";
import { logger } from "../../log.ts";
import type { RunResult, UnfinishedRun } from "../../services/ledger/run_record.ts";
import type { Outcome } from "../outcome.ts";
import type { BoundTrigger } from "../trigger.ts";
import { runResult } from "../run_result.ts";
import { retryDelay } from "./retry_delay.ts";
import { tickEvent } from "./tick_event.ts";
import type { TickPolicy } from "./tick_policy.ts";

/** What a {@linkcode TickRunner} works with. */
export interface TickRunnerOptions {
  /** How the ticks are run. */
  readonly policy: TickPolicy;
  /** Time. */
  readonly clock: Clock;
  /** Fires when no further tick is to be started. */
  readonly signal: AbortSignal;
  /** Is told that the ledger cannot be written any more. */
  readonly onFailure: (error: unknown) => void;
}

/** A tick that is in the ledger. */
interface Tick {
  readonly run: number;
  readonly scheduled: number;
  /** How many times a guest was started for it. */
  attempts: number;
  /** What its guests wrote, in bytes. */
  outputSize: number;
  /** Ends it, because another one replaces it; absent where that cannot happen. */
  readonly replacement?: AbortController;
}

/** Runs the ticks of one trigger. */
export class TickRunner {
  readonly #trigger: BoundTrigger;
  readonly #options: TickRunnerOptions;
  readonly #running = new Set<Tick>();
  readonly #working = new Set<Promise<void>>();
  #waiting: Tick[] = [];

  /**
   * Makes a runner that runs nothing yet.
   *
   * @param trigger The trigger.
   * @param options How its ticks are run.
   */
  constructor(trigger: BoundTrigger, options: TickRunnerOptions) {
    this.#trigger = trigger;
    this.#options = options;
  }

  /**
   * Takes a tick that is due, as the overlap policy says.
   *
   * @param scheduled The tick's nominal time, in ms since the Unix epoch.
   * @returns What starts it, or does nothing if it has to wait; `undefined` if it is not run.
   */
  admit(scheduled: number): (() => void) | undefined {
    const { overlap } = this.#options.policy;
    if (this.#running.size === 0) return this.#schedule(scheduled);
    switch (overlap) {
      case "allow": // but not before what was missed, and waits
        return this.#waiting.length === 0 ? this.#schedule(scheduled) : this.enqueue(scheduled);
      case "skip":
        return this.#skip(scheduled, "an earlier tick was still running");
      case "queue":
        if (this.#waiting.length < this.#trigger.queue) return this.enqueue(scheduled);
        return this.#skip(scheduled, `${this.#trigger.queue} earlier ticks were waiting`);
      case "replace":
        this.#replaceAll(scheduled);
        return this.enqueue(scheduled);
    }
  }

  /**
   * Takes a tick that runs when all before it have ended, whatever the overlap policy says.
   *
   * @param scheduled The tick's nominal time, in ms since the Unix epoch.
   * @returns What starts it, or does nothing if it has to wait; `undefined` if it ran before.
   */
  enqueue(scheduled: number): (() => void) | undefined {
    if (this.#running.size === 0) return this.#schedule(scheduled);
    const run = this.#trigger.runs.schedule(scheduled);
    if (run === undefined) return undefined;
    this.#waiting.push(this.#newTick({ id: run, scheduled, attempts: 0 }));
    return () => {};
  }

  /**
   * Takes a tick that an earlier host did not finish. It runs when all before it have ended.
   *
   * @param unfinished The tick.
   * @returns What starts it, or does nothing if it has to wait.
   */
  resume(unfinished: UnfinishedRun): () => void {
    const tick = this.#newTick(unfinished);
    if (this.#running.size === 0) return this.#begin(tick);
    this.#waiting.push(tick);
    return () => {};
  }

  /** Waits until nothing runs, and nothing that waits can be started. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  #schedule(scheduled: number): (() => void) | undefined {
    const run = this.#trigger.runs.schedule(scheduled);
    return run === undefined
      ? undefined
      : this.#begin(this.#newTick({ id: run, scheduled, attempts: 0 }));
  }

  #newTick({ id, scheduled, attempts }: UnfinishedRun): Tick {
    const isReplaceable = this.#options.policy.overlap === "replace";
    return {
      run: id,
      scheduled,
      attempts,
      outputSize: 0,
      ...(isReplaceable && { replacement: new AbortController() }),
    };
  }

  #begin(tick: Tick): () => void {
    this.#running.add(tick);
    this.#start(tick);
    return () => {
      const working = this.#work(tick).catch(this.#options.onFailure);
      this.#working.add(working);
      working.then(() => this.#working.delete(working));
    };
  }

  #start(tick: Tick): void {
    tick.attempts += 1;
    this.#trigger.runs.start(tick.run, this.#options.clock.now());
  }

  #skip(scheduled: number, reason: string): undefined {
    const { runs } = this.#trigger;
    const message = `Not run, because ${reason}`;
    runs.pass({ first: scheduled, last: scheduled, count: 1, outcome: "skipped", message });
    this.#trigger.skip({ count: 1, reason });
  }

  #replaceAll(scheduled: number): void {
    const time = new Date(scheduled).toISOString();
    for (const { replacement } of this.#running) {
      replacement?.abort(new CancelledError(`The tick of ${time} replaced it`));
    }
    const message = `Not run, because the tick of ${time} replaced it`;
    for (const { run } of this.#waiting) this.#finish(run, { outcome: "skipped", message });
    if (this.#waiting.length > 0) {
      this.#trigger.skip({ count: this.#waiting.length, reason: "later ticks replaced them" });
    }
    this.#waiting = [];
  }

  async #work(tick: Tick): Promise<void> {
    try {
      await this.#attempt(tick);
    } finally {
      this.#running.delete(tick);
    }
    if (this.#running.size > 0 || this.#options.signal.aborted) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#begin(next)();
  }

  /** Tries a tick until it is finished, or the host stops: then the next host goes on with it. */
  async #attempt(tick: Tick): Promise<void> {
    const { policy, clock, signal } = this.#options;
    for (;;) {
      const outcome = await this.#dispatch(tick);
      tick.outputSize += outcome.usage?.output ?? 0;
      const replaced = tick.replacement?.signal;
      const pause = retryDelay(outcome.kind, tick.attempts, policy.retry);
      if (pause === undefined || replaced?.aborted) {
        return this.#finish(tick.run, resultOf(outcome, tick));
      }
      this.#announce(tick, pause);
      const ended = replaced === undefined ? signal : AbortSignal.any([signal, replaced]);
      if (!await delay(clock, pause, ended)) {
        if (replaced === undefined || !replaced.aborted) return;
        const { message } = replaced.reason;
        return this.#finish(tick.run, {
          ...resultOf(outcome, tick),
          outcome: "cancelled",
          message,
        });
      }
      this.#start(tick);
    }
  }

  #dispatch({ run, scheduled, attempts: attempt, replacement }: Tick): Promise<Outcome> {
    const { id, runs } = this.#trigger;
    return this.#trigger.dispatch({
      ...tickEvent({ scheduled, attempt }, id, this.#options.policy),
      ...(replacement !== undefined && { signal: replacement.signal }),
      onOutput: (output) => runs.write(run, { attempt, ...output }),
    });
  }

  #announce({ scheduled, attempts }: Tick, pause: number): void {
    logger("app").info(
      "{trigger}: tick {event} is tried again in {text} ({attempt} of {attempts})",
      {
        type: "retry",
        trigger: this.#trigger.id,
        event: new Date(scheduled).toISOString(),
        pause,
        attempt: attempts + 1,
        attempts: this.#options.policy.retry?.attempts,
        text: formatDuration(pause),
      },
    );
  }

  #finish(run: number, result: RunResult): void {
    this.#trigger.runs.finish(run, result, this.#options.clock.now());
  }
}

function resultOf(outcome: Outcome, { outputSize }: Tick): RunResult {
  return { ...runResult(outcome), outputSize };
}
