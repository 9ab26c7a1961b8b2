/**
 * A component that was checked and linked, and the instances made of it.
 *
 * @module
 */

import type { Component } from "../app/application.ts";
import type { Clock } from "../clock.ts";
import type { CompiledComponent } from "../compile/compiled_component.ts";
import type { World } from "../compile/world.ts";
import type { CallResult, GuestOutput } from "../guest/runner.ts";
import type { CallRequest, Isolation } from "../isolation/isolation.ts";
import { Supervisor } from "../isolation/supervisor.ts";
import { unlessAborted } from "../isolation/unless_aborted.ts";
import { denoPermissions } from "../policy/deno_permissions.ts";
import type { Denial } from "../policy/denial.ts";
import type { Policy } from "../policy/policy.ts";
import { GuestError } from "./guest_error.ts";
import { Instance } from "./instance.ts";

/** What a {@linkcode PreparedComponent} is made of. */
export interface PreparedComponentParts {
  /** The component as the application describes it. */
  readonly component: Component;
  /** Its code. */
  readonly compiled: CompiledComponent;
  /** What it may touch. */
  readonly policy: Policy;
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
        arguments: [],
        mounts: policy.mounts,
        allowedHosts: policy.allowedHosts.entries,
        allowedInbound: policy.allowedInbound.entries,
        memory: component.limits.memory,
      },
      permissions: this.permissions,
      onOutput,
      onDenied,
    };
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
   * @returns The instance.
   * @throws {GuestError} If a start function of the guest fails.
   * @throws {IsolationError} If the isolate does not come up.
   */
  async instantiate(
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Instance> {
    const executor = await unlessAborted(this.#supervisor.executor(), options.signal);
    const made = await executor.instantiate(options);
    if (!made.ok) {
      executor.dispose(made.id); // it may have been made after the signal fired
      throw new GuestError(this.component.id, made.failure);
    }
    return new Instance(executor, {
      id: made.id,
      componentId: this.component.id,
    });
  }

  /**
   * Calls an export of a fresh instance, which is gone afterwards. This is how an event is handled.
   *
   * @param request What to call.
   * @returns How the call ended. Never rejects.
   */
  call(request: CallRequest): Promise<CallResult> {
    return this.#supervisor.call(request);
  }

  /** Stops the isolate; calls under way end as failures. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor[Symbol.asyncDispose]();
  }
}
