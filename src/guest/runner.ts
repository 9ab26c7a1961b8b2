/**
 * Runs the guests of one component in this isolate. The worker and the inline isolation are both
 * thin shells around it.
 *
 * @module
 */

import { systemClock } from "../clock.ts";
import type { GuestContext } from "../host/host_interface.ts";
import { AllowedHosts } from "../policy/allowed_hosts.ts";
import { AllowedInbound } from "../policy/allowed_inbound.ts";
import type { Denial } from "../policy/denial.ts";
import { type CallLimits, CallScope } from "./call_scope.ts";
import { CancelledError, type GuestFailure } from "./failure.ts";
import { GuestInstance } from "./guest_instance.ts";
import { Hooks } from "./hooks.ts";
import { createOutput, type GuestOutputSink } from "./output.ts";
import type { Program } from "./program.ts";
import { SeededRandom } from "./seeded_random.ts";
import { SimulatedClock, type Simulation } from "./simulation.ts";
import { systemRandom } from "./system_random.ts";
import type { CallUsage } from "./usage.ts";

/** What every instance of one component is granted. */
export interface GuestGrant extends Pick<GuestContext, "environment" | "arguments" | "mounts"> {
  /** The entries of an {@linkcode AllowedHosts}. */
  readonly allowedHosts: readonly string[];
  /** The entries of an {@linkcode AllowedInbound}. */
  readonly allowedInbound: readonly string[];
  /** The linear memory of one instance, in bytes, over all its memories. */
  readonly memory: number;
}

/** How a call ended. */
export type CallResult =
  & (
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly failure: GuestFailure }
  )
  & {
    /** What it used; absent if the guest did not come to run, or its thread ended. */
    readonly usage?: CallUsage;
    /** How much virtual time it took, in ms, if it was simulated. */
    readonly elapsed?: number;
  };

/** What a {@linkcode Runner} is made of. */
export interface RunnerOptions {
  /** The interfaces that the component imports, with or without versions. */
  readonly imports: readonly string[];
  /** What every instance is granted. */
  readonly grant: GuestGrant;
  /** Takes what the guests write. */
  readonly output: GuestOutputSink;
  /** Gives the guests' stdin, as in {@linkcode GuestContext}; at its end if absent. */
  readonly stdin?: GuestContext["stdin"];
  /** Is told what guests were refused. */
  readonly onDenied: (denial: Denial) => void;
  /** Called about once a millisecond while a guest runs. */
  readonly onProgress?: () => void;
}

/** What a call is given. */
export interface CallOptions extends CallLimits {
  /** The arguments. */
  readonly args: readonly unknown[];
}

/** What a call of a fresh instance is given. */
export interface FreshCallOptions extends CallOptions {
  /** Environment variables, over those of the grant. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes what the guest writes, in place of the runner's. */
  readonly output?: GuestOutputSink;
  /** The time and chance that the guest gets; the platform's if absent. */
  readonly simulation?: Simulation;
}

/** What tells how much an instance took. */
interface Meters {
  readonly hooks: Hooks;
  /** How many bytes it wrote. */
  readonly written: () => number;
  /** The clock that it sees, if it is simulated. */
  readonly simulated: SimulatedClock | undefined;
}

/** A guest, and the calls into it that are under way. */
interface LiveInstance extends Meters {
  readonly guest: GuestInstance;
  readonly scopes: Set<CallScope>;
  readonly cancellation: AbortController;
  readonly close: () => void;
}

/** Makes instances of one program and calls them. */
export class Runner {
  readonly #program: Program;
  readonly #options: RunnerOptions;
  readonly #allowedHosts: AllowedHosts;
  readonly #allowedInbound: AllowedInbound;
  readonly #instances = new Map<number, LiveInstance>();

  /**
   * Makes a runner with no instance yet.
   *
   * @param program The component's code.
   * @param options What its instances get.
   */
  constructor(program: Program, options: RunnerOptions) {
    this.#program = program;
    this.#options = options;
    this.#allowedHosts = AllowedHosts.parse(options.grant.allowedHosts);
    this.#allowedInbound = AllowedInbound.parse(options.grant.allowedInbound);
  }

  /**
   * Makes an instance that lives until it is disposed.
   *
   * @param id A number that no living instance has.
   * @param limits When the start must end.
   * @returns How the start functions ended.
   */
  async instantiate(id: number, limits: CallLimits): Promise<CallResult> {
    return await settle(limits, async (scope) => {
      const instance = await this.#create(scope);
      instance.scopes.delete(scope); // it is that of the start, which is over
      this.#instances.set(id, instance);
      return undefined;
    });
  }

  /**
   * Calls an export of a living instance.
   *
   * @param id The instance.
   * @param name The export's name; see {@linkcode GuestInstance.call}.
   * @param options The arguments, and when the call must end. Where it had to be ended, the
   * instance is of no more use.
   * @returns How the call ended.
   */
  async call(id: number, name: string, options: CallOptions): Promise<CallResult> {
    return await settle(options, async (scope) => {
      const instance = this.#instances.get(id);
      if (instance === undefined) throw new CancelledError("The instance was disposed");
      instance.scopes.add(scope);
      const before = usageOf(instance);
      const unlink = endWith(scope, instance.cancellation);
      try {
        return await instance.guest.call(name, options.args);
      } finally {
        unlink();
        instance.scopes.delete(scope);
        this.#noteEnd(instance, scope, before);
      }
    });
  }

  /**
   * Calls an export of a fresh instance, which is gone afterwards.
   *
   * @param name The export's name; see {@linkcode GuestInstance.call}.
   * @param options The arguments, and when the call must end.
   * @returns How the call ended.
   */
  async callFresh(name: string, options: FreshCallOptions): Promise<CallResult> {
    return await settle(options, async (scope) => {
      const instance = await this.#create(scope, options);
      endWith(scope, instance.cancellation);
      try {
        return await scope.unlessOver(instance.guest.call(name, options.args));
      } finally {
        this.#noteEnd(instance, scope);
        instance.close();
      }
    });
  }

  /**
   * Disposes an instance; what it waits for is cancelled.
   *
   * @param id The instance; one that is gone already is ignored.
   */
  dispose(id: number): void {
    const instance = this.#instances.get(id);
    this.#instances.delete(id);
    instance?.cancellation.abort(new CancelledError("The instance was disposed"));
    instance?.close();
  }

  #noteEnd(meters: Meters, scope: CallScope, before?: CallUsage): void {
    const { hooks, simulated } = meters;
    if (hooks.wasRefusedMemory) scope.refuseMemory(this.#options.grant.memory);
    scope.usage = usageOf(meters, before);
    // What was ended in real time, because it went on and on, takes its time in virtual time too.
    scope.elapsed = scope.hasExpired ? simulated?.longest : simulated?.elapsed;
  }

  async #create(
    start: CallScope,
    given: Partial<FreshCallOptions> = {},
  ): Promise<LiveInstance> {
    const { grant, stdin, onDenied, onProgress } = this.#options;
    const { environment, simulation, timeout: longest = Infinity } = given;
    const output = createOutput(given.output ?? this.#options.output);
    const scopes = new Set([start]);
    const cancellation = new AbortController();
    const unlink = endWith(start, cancellation);
    const hooks = new Hooks({
      initialMemory: this.#program.initialMemory,
      memoryLimit: grant.memory,
      isOver: () => {
        onProgress?.();
        return cancellation.signal.aborted || scopes.values().some((scope) => scope.isOver());
      },
    });
    const onOver = () => {
      start.expire();
      hooks.hurry(); // it may only have looked at the clock, and go on
    };
    const simulated = simulation && new SimulatedClock(simulation, { longest, onOver });
    let written = 0;
    // One write may be thousands of lines, each of which takes the host longer than the guest.
    const thenHurry = (write: (chunk: Uint8Array) => void) => (chunk: Uint8Array) => {
      written += chunk.length;
      write(chunk);
      hooks.hurry();
    };
    const meters: Meters = { hooks, simulated, written: () => written };
    try {
      const guest = await GuestInstance.create(this.#program, {
        imports: this.#options.imports,
        hooks,
        context: {
          ...grant,
          environment: { ...grant.environment, ...environment },
          clock: simulated ?? systemClock,
          random: simulation === undefined ? systemRandom : new SeededRandom(simulation.seed),
          allowedHosts: this.#allowedHosts,
          allowedInbound: this.#allowedInbound,
          stdin: stdin ?? (() => Promise.resolve(undefined)),
          onDenied: (denial) => {
            for (const scope of scopes) scope.deny(denial);
            onDenied(denial);
          },
          stdout: thenHurry(output.stdout),
          stderr: thenHurry(output.stderr),
          signal: cancellation.signal,
        },
      });
      const close = () => {
        guest[Symbol.dispose]();
        output.end();
      };
      return { ...meters, guest, scopes, cancellation, close };
    } catch (error) {
      this.#noteEnd(meters, start);
      output.end();
      throw error;
    } finally {
      unlink();
    }
  }
}

/** Ends an instance with a call. Returns what undoes that. */
function endWith({ signal }: CallScope, cancellation: AbortController): () => void {
  const end = () => cancellation.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  return () => signal.removeEventListener("abort", end);
}

/** What an instance used, since an earlier moment or in all. */
function usageOf({ hooks, written }: Meters, before?: CallUsage): CallUsage {
  const fuel = hooks.fuelSpent - (before?.fuel ?? 0);
  return { fuel, cpu: hooks.cpuTimeOf(fuel), output: written() - (before?.output ?? 0) };
}

async function settle(
  limits: CallLimits,
  run: (scope: CallScope) => Promise<unknown>,
): Promise<CallResult> {
  using scope = new CallScope(limits);
  try {
    scope.signal.throwIfAborted();
    const value = await run(scope);
    scope.signal.throwIfAborted(); // what a guest returns that was ended is no result
    return { ok: true, value, ...measuresOf(scope) };
  } catch (error) {
    return { ok: false, failure: scope.failureOf(error), ...measuresOf(scope) };
  }
}

function measuresOf({ usage, elapsed }: CallScope): Pick<CallResult, "usage" | "elapsed"> {
  return { ...(usage !== undefined && { usage }), ...(elapsed !== undefined && { elapsed }) };
}
