/**
 * Guests in virtual time: each call takes as long as the guest waits by the clock that it is shown,
 * and no real time at all.
 *
 * @module
 */

import { delay } from "../clock.ts";
import { cancelled } from "../guest/failure.ts";
import type { CallResult } from "../guest/runner.ts";
import type { VirtualTime } from "../virtual_time.ts";
import type { CallRequest, Executor, Isolation } from "./isolation.ts";

/**
 * Makes an isolation whose calls of fresh instances are simulated.
 *
 * @param isolation Where the guests run.
 * @param time The time that they run in.
 * @returns The isolation.
 */
export function simulated(isolation: Isolation, time: VirtualTime): Isolation {
  const calls = new Map<string, number>();
  return async (spec, options) => {
    const { componentId } = spec;
    const executor = await time.during(() => isolation(spec, options), { alsoAtRest: true });
    return new SimulatedExecutor(executor, time, () => {
      // Counted here, so that an isolate that was started anew does not repeat what was.
      const call = (calls.get(componentId) ?? 0) + 1;
      calls.set(componentId, call);
      return `${time.seed}/${componentId}/${call}`;
    });
  };
}

class SimulatedExecutor implements Executor {
  readonly #executor: Executor;
  readonly #time: VirtualTime;
  readonly #nextSeed: () => string;

  constructor(executor: Executor, time: VirtualTime, nextSeed: () => string) {
    this.#executor = executor;
    this.#time = time;
    this.#nextSeed = nextSeed;
  }

  get ended(): Promise<Error | undefined> {
    return this.#executor.ended;
  }

  instantiate(
    options: Parameters<Executor["instantiate"]>[0],
  ): ReturnType<Executor["instantiate"]> {
    return this.#executor.instantiate(options);
  }

  async call(request: CallRequest, instance?: number): Promise<CallResult> {
    if (instance !== undefined) return await this.#executor.call(request, instance);
    const time = this.#time;
    const simulation = {
      wall: time.now(),
      monotonic: time.monotonic(),
      seed: this.#nextSeed(),
    };
    const result = await time.during(() => this.#executor.call({ ...request, simulation }));
    const { signal = new AbortController().signal } = request;
    if (await delay(time, result.elapsed ?? 0, signal)) return result;
    return { ok: false, failure: cancelled(signal) };
  }

  dispose(instance: number): void {
    this.#executor.dispose(instance);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#executor[Symbol.asyncDispose]();
  }
}
