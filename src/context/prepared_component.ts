/**
 * A component that was checked and linked, and the instances made of it.
 *
 * @module
 */

import type { Component, Limits } from "../app/application.ts";
import type { Clock } from "../clock.ts";
import type { CompiledComponent } from "../compile/compiled_component.ts";
import type { World } from "../compile/world.ts";
import type { GuestOutput } from "../guest/output.ts";
import { cancelled, type GuestFailure } from "../guest/failure.ts";
import type { CallResult } from "../guest/runner.ts";
import type { CallRequest, GuestStdio, Isolation } from "../isolation/isolation.ts";
import { Supervisor } from "../isolation/supervisor.ts";
import { unlessAborted } from "../isolation/unless_aborted.ts";
import { denoPermissions } from "../policy/deno_permissions.ts";
import type { Denial } from "../policy/denial.ts";
import type { Policy } from "../policy/policy.ts";
import { Admission } from "./admission.ts";
import { refusedEnvironment } from "./refused_environment.ts";
import { GuestError } from "./guest_error.ts";
import { Instance } from "./instance.ts";

/** How many targets of one component are reported as denied. */
const MOST_TARGETS = 1_000;

/** What a {@linkcode PreparedComponent} is made of. */
export interface PreparedComponentParts {
  /** The component as the application describes it. */
  readonly component: Component;
  /** Its code. */
  readonly compiled: CompiledComponent;
  /** What it may touch. */
  readonly policy: Policy;
  /** Its guests' command-line arguments, their own name first. Default: none. */
  readonly args?: readonly string[];
  /** Passes its guests' input and output as bytes; `onOutput` then gets nothing. */
  readonly stdio?: GuestStdio;
  /** Where it runs. */
  readonly isolation: Isolation;
  /** What restarts are timed with. */
  readonly clock: Clock;
  /** Takes what its guests write. */
  readonly onOutput: (output: GuestOutput) => void;
  /** Is told, once for each target, what its guests were refused. */
  readonly onDenied: (denial: Denial) => void;
  /** Called when its isolate died or did not start. */
  readonly onFailure: (
    failure: { readonly error: Error; readonly pause: number },
  ) => void;
}

/** A component, ready to be instantiated. Its isolate starts with the first call. */
export class PreparedComponent implements AsyncDisposable {
  /** The component as the application describes it. */
  readonly component: Component;
  /** What it imports and exports. */
  readonly world: World;
  /** What it may touch. */
  readonly policy: Policy;
  /** The Deno permissions of its worker, with every key listed. */
  readonly permissions: Deno.PermissionOptionsObject;
  readonly #supervisor: Supervisor;
  readonly #admission: Admission;

  /**
   * Assembles a prepared component.
   *
   * @param parts What it is made of.
   */
  constructor(parts: PreparedComponentParts) {
    const {
      component,
      compiled,
      policy,
      args = [],
      stdio,
      isolation,
      clock,
      onOutput,
      onDenied,
      onFailure,
    } = parts;
    this.component = component;
    this.world = compiled.world;
    this.policy = policy;
    this.permissions = denoPermissions(policy);
    const spec = {
      componentId: component.id,
      compiled,
      grant: {
        environment: policy.environment,
        arguments: args,
        mounts: policy.mounts,
        allowedHosts: policy.allowedHosts.entries,
        allowedInbound: policy.allowedInbound.entries,
        memory: component.limits.memory,
      },
      permissions: this.permissions,
      onOutput,
      ...(stdio !== undefined && { stdio }),
      onDenied: oncePerTarget(onDenied),
    };
    this.#admission = new Admission(component.limits);
    this.#supervisor = new Supervisor({
      start: (signal) => isolation(spec, { signal }),
      clock,
      onFailure,
    });
  }

  /**
   * Starts the isolate ahead of the first call.
   *
   * @throws {IsolationError} `ERR_WORKER_START` if it does not come up.
   */
  async warmUp(): Promise<void> {
    await this.#supervisor.executor();
  }

  /**
   * Makes an instance with fresh state. Dispose it.
   *
   * @param options Ends the start early.
   * @returns The instance. It counts as one of those that may live at once.
   * @throws {GuestError} If a start function of the guest fails, and `ERR_BUSY` if too many
   * instances live already.
   * @throws {IsolationError} If the isolate does not come up.
   */
  async instantiate(
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Instance> {
    const { id: componentId, limits } = this.component;
    const leave = await this.#admission.enter(options.signal);
    if (leave === undefined) throw new GuestError(componentId, this.#refused());
    try {
      const executor = await unlessAborted(this.#supervisor.executor(), options.signal);
      const made = await executor.instantiate({ ...timeoutOf(limits), ...options });
      if (made.ok) {
        return new Instance(executor, { id: made.id, componentId, limits, onDispose: leave });
      }
      executor.dispose(made.id); // it may have been made after the signal fired
      throw new GuestError(componentId, made.failure);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /**
   * Calls an export of a fresh instance, which is gone afterwards. This is how an event is handled:
   * it waits for its turn, and has the time that the component's limits give it from then on.
   *
   * @param request What to call.
   * @returns How the call ended. Never rejects: what cannot be called so ends as a trap.
   */
  async call(request: CallRequest): Promise<CallResult> {
    const { signal } = request;
    const wrong = refusedEnvironment(request.environment);
    if (wrong !== undefined) return { ok: false, failure: wrong };
    let leave: (() => void) | undefined;
    try {
      leave = await this.#admission.enter(signal);
    } catch (error) {
      if (signal === undefined) throw error;
      return { ok: false, failure: cancelled(signal) };
    }
    if (leave === undefined) return { ok: false, failure: this.#refused() };
    try {
      return await this.#supervisor.call({ ...timeoutOf(this.component.limits), ...request });
    } finally {
      leave();
    }
  }

  /** Stops the isolate; calls under way end as failures. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor[Symbol.asyncDispose]();
  }

  #refused(): GuestFailure {
    const { maxConcurrency, queue } = this.component.limits;
    const message = `No instance was free: ${maxConcurrency} are busy, and ${queue} events wait`;
    return { kind: "misfire", message, stack: [] };
  }
}

function timeoutOf({ timeout }: Limits): { readonly timeout?: number } {
  return timeout === undefined ? {} : { timeout };
}

/** Hands on each denial once, so that a guest that tries again and again fills no log. */
function oncePerTarget(onDenied: (denial: Denial) => void): (denial: Denial) => void {
  const targets = new Set<string>();
  return (denial) => {
    if (targets.has(denial.target) || targets.size >= MOST_TARGETS) return;
    targets.add(denial.target);
    onDenied(denial);
  };
}
