/**
 * Keeps an executor for a component: started by the first call, and started anew after it died,
 * ever more slowly while it keeps dying.
 *
 * @module
 */

import { type Clock, delay } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { cancelled } from "../guest/failure.ts";
import type { CallResult } from "../guest/runner.ts";
import type { CallRequest, Executor } from "./isolation.ts";
import { unlessAborted } from "./unless_aborted.ts";

/** The pause (ms) before the first restart; it doubles with each further one. */
const FIRST_PAUSE = 100;
/** The longest pause (ms) between two restarts. */
const LONGEST_PAUSE = 30_000;

/** What a {@linkcode Supervisor} is made of. */
export interface SupervisorOptions {
  /** Starts an executor. */
  readonly start: (signal: AbortSignal) => Promise<Executor>;
  /** What pauses are measured with. */
  readonly clock: Clock;
  /** Called when the executor died, or did not start. */
  readonly onFailure: (
    failure: { readonly error: Error; readonly pause: number },
  ) => void;
}

/** An executor that is always there. */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions;
  readonly #stopped = new AbortController();
  #executor: Promise<Executor> | undefined;
  #running: Executor | undefined;
  #failures = 0;
  #notBefore = -Infinity;

  /**
   * Makes a supervisor; nothing is started yet.
   *
   * @param options How to start the executor.
   */
  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Gives the running executor, or starts one.
   *
   * @returns The executor.
   * @throws {Error} What the start failed with. The next call tries again, after a pause.
   */
  executor(): Promise<Executor> {
    this.#executor ??= this.#start();
    return this.#executor;
  }

  /**
   * Calls an export of a fresh instance.
   *
   * @param request What to call.
   * @returns How the call ended. Never rejects.
   */
  async call(request: CallRequest): Promise<CallResult> {
    const { signal } = request;
    let executor: Executor;
    try {
      executor = await unlessAborted(this.executor(), signal);
    } catch (error) {
      if (signal?.aborted) return { ok: false, failure: cancelled(signal) };
      return { ok: false, failure: { kind: "trap", message: messageOf(error), stack: [] } };
    }
    const result = await executor.call(request);
    // Whatever the guest did with the call, its isolate is in order if it is still there.
    if (this.#running === executor) this.#failures = 0;
    return result;
  }

  /** Stops the executor, for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new Error("The component was stopped"));
    const executor = await this.#executor?.catch(() => undefined); // reported by onFailure already
    await executor?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<Executor> {
    const { clock, start } = this.#options;
    try {
      const pause = this.#notBefore - clock.monotonic();
      if (pause > 0) await delay(clock, pause, this.#stopped.signal);
      this.#stopped.signal.throwIfAborted();
      const executor = await start(this.#stopped.signal);
      this.#running = executor;
      executor.ended.then((error) => error && this.#failed(error));
      return executor;
    } catch (error) {
      if (!this.#stopped.signal.aborted) {
        this.#failed(error instanceof Error ? error : new Error(String(error)));
      }
      throw error;
    }
  }

  #failed(error: Error): void {
    const { clock, onFailure } = this.#options;
    this.#executor = undefined;
    this.#running = undefined;
    // The end of a busy guest, when everything ends, is no failure of the worker.
    if (this.#stopped.signal.aborted) return;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures++);
    this.#notBefore = clock.monotonic() + pause;
    onFailure({ error, pause });
  }
}
