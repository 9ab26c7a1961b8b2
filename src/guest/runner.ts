/**
 * Runs the guests of one component in this isolate. The worker and the inline isolation are both
 * thin shells around it.
 *
 * @module
 */

import type { GuestContext } from "../host/host_interface.ts";
import { AllowedHosts } from "../policy/allowed_hosts.ts";
import { AllowedInbound } from "../policy/allowed_inbound.ts";
import type { Denial } from "../policy/denial.ts";
import { type CallLimits, CallScope } from "./call_scope.ts";
import { CancelledError, type GuestFailure } from "./failure.ts";
import { GuestInstance } from "./guest_instance.ts";
import { createOutput, type GuestOutputSink } from "./output.ts";
import type { Program } from "./program.ts";

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
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: GuestFailure };

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

/** A guest, and the calls into it that are under way. */
interface LiveInstance {
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
      const end = () => instance.cancellation.abort(scope.signal.reason);
      scope.signal.addEventListener("abort", end, { once: true });
      try {
        return await instance.guest.call(name, options.args);
      } finally {
        scope.signal.removeEventListener("abort", end);
        instance.scopes.delete(scope);
        this.#noteMemory(instance, scope);
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
  async callFresh(name: string, options: CallOptions): Promise<CallResult> {
    return await settle(options, async (scope) => {
      const instance = await this.#create(scope);
      scope.signal.addEventListener("abort", () => {
        instance.cancellation.abort(scope.signal.reason);
      }, { once: true });
      try {
        return await scope.unlessOver(instance.guest.call(name, options.args));
      } finally {
        this.#noteMemory(instance, scope);
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

  #noteMemory({ guest }: LiveInstance, scope: CallScope): void {
    if (guest.wasRefusedMemory) scope.refuseMemory(this.#options.grant.memory);
  }

  async #create(start: CallScope): Promise<LiveInstance> {
    const { grant, stdin, onDenied, onProgress } = this.#options;
    const output = createOutput(this.#options.output);
    const scopes = new Set([start]);
    const cancellation = new AbortController();
    const onAbort = () => cancellation.abort(start.signal.reason);
    start.signal.addEventListener("abort", onAbort, { once: true });
    let guest: GuestInstance | undefined;
    // One write may be thousands of lines, each of which takes the host longer than the guest.
    const thenHurry = (write: (chunk: Uint8Array) => void) => (chunk: Uint8Array) => {
      write(chunk);
      guest?.hurry();
    };
    try {
      guest = await GuestInstance.create(this.#program, {
        imports: this.#options.imports,
        memoryLimit: grant.memory,
        isOver: () => {
          onProgress?.();
          return cancellation.signal.aborted || scopes.values().some((scope) => scope.isOver());
        },
        context: {
          ...grant,
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
      const made = guest;
      const close = () => {
        made[Symbol.dispose]();
        output.end();
      };
      return { guest: made, scopes, cancellation, close };
    } catch (error) {
      output.end();
      throw error;
    } finally {
      start.signal.removeEventListener("abort", onAbort);
    }
  }
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
    return { ok: true, value };
  } catch (error) {
    return { ok: false, failure: scope.failureOf(error) };
  }
}
