/**
 * Where guests run: the contract that the worker and the inline isolation both keep.
 *
 * @module
 */

import type { CompiledComponent } from "../compile/compiled_component.ts";
import type { Denial } from "../policy/denial.ts";
import type { GuestBytes, GuestOutput } from "../guest/output.ts";
import type { CallResult, GuestGrant } from "../guest/runner.ts";
import type { Simulation } from "../guest/simulation.ts";

/** Everything that is needed to run one component. */
export interface ExecutorSpec {
  /** The component's id, for messages. */
  readonly componentId: string;
  /** The component's code. */
  readonly compiled: CompiledComponent;
  /** What its guests are granted. */
  readonly grant: GuestGrant;
  /** The Deno permissions of the isolate, with every key listed. */
  readonly permissions: Deno.PermissionOptionsObject;
  /** Takes what its guests write. */
  readonly onOutput: (output: GuestOutput) => void;
  /** Passes bytes in both directions, instead of lines out; its guests have no stdin if absent. */
  readonly stdio?: GuestStdio;
  /** Is told what its guests were refused. */
  readonly onDenied: (denial: Denial) => void;
}

/** Standard input and output as bytes, for a guest that runs like a command. */
export interface GuestStdio {
  /**
   * Gives the next bytes of stdin.
   *
   * @param limit How many bytes at most; at least 1.
   * @returns At least one byte, or `undefined` at the end.
   */
  readonly stdin: (limit: number) => Promise<Uint8Array | undefined>;
  /** Takes what guests write. */
  readonly onBytes: (written: GuestBytes) => void;
}

/** One call of an export. */
export interface CallRequest {
  /** The export's name in kebab-case. */
  readonly export: string;
  /** The arguments, as jco maps WIT types to JavaScript. */
  readonly args: readonly unknown[];
  /** Environment variables, over those of the component; for a fresh instance only. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes what a fresh instance writes; whoever takes the component's output gets it besides. */
  readonly onOutput?: (output: GuestOutput) => void;
  /** The time and chance that a fresh instance gets; the platform's if absent. */
  readonly simulation?: Simulation;
  /** How long it may take, in ms: its result is then a failure of kind `timeout`. */
  readonly timeout?: number;
  /** Ends the call: its result is then a failure of kind `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A running isolate around one component. */
export interface Executor extends AsyncDisposable {
  /**
   * Settles once the executor can take no further call: with the reason if it died, with
   * `undefined` if it was disposed.
   */
  readonly ended: Promise<Error | undefined>;
  /**
   * Makes an instance that lives until it is disposed.
   *
   * @returns The instance's id, or how its start functions failed.
   */
  instantiate(
    options: { readonly signal?: AbortSignal; readonly timeout?: number },
  ): Promise<CallResult & { id: number }>;
  /**
   * Calls an export.
   *
   * @param request What to call.
   * @param instance The instance to call; a fresh one, gone afterwards, if absent.
   * @returns How the call ended. Never rejects.
   */
  call(request: CallRequest, instance?: number): Promise<CallResult>;
  /**
   * Disposes an instance.
   *
   * @param instance The instance; one that is gone already is ignored.
   */
  dispose(instance: number): void;
}

/**
 * Starts an isolate for a component.
 *
 * @param spec The component.
 * @param options Ends the start early.
 * @returns The executor, ready for calls.
 * @throws {IsolationError} `ERR_WORKER_START` if the isolate does not come up.
 */
export type Isolation = (
  spec: ExecutorSpec,
  options?: { readonly signal?: AbortSignal },
) => Promise<Executor>;
