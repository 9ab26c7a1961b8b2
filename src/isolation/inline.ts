/**
 * The isolation without an isolate: guests run in the caller's own, with the caller's permissions.
 * For components that are trusted, and for tests; only the host interfaces stand between the guest
 * and the machine.
 *
 * @module
 */

import type { CallLimits } from "../guest/call_scope.ts";
import { CancelledError } from "../guest/failure.ts";
import type { GuestOutputSink } from "../guest/output.ts";
import { loadProgram } from "../guest/program.ts";
import { type CallResult, Runner } from "../guest/runner.ts";
import { guarded } from "./guarded_output.ts";
import type { CallRequest, Executor, ExecutorSpec, Isolation } from "./isolation.ts";

/**
 * Loads a component into the caller's isolate.
 *
 * @param spec The component; its permissions are ignored.
 * @returns The executor, ready for calls.
 * @throws {WebAssembly.CompileError} If a core module is not valid.
 */
export const startInline: Isolation = async (spec) => {
  const program = await loadProgram(
    spec.compiled.source,
    spec.compiled.modules,
    spec.grant,
  );
  const imports = spec.compiled.world.imports.map(({ name }) => name);
  return new InlineExecutor(
    new Runner(program, {
      imports,
      grant: spec.grant,
      onDenied: spec.onDenied,
      output: sinkOf(spec),
      ...(spec.stdio !== undefined && { stdin: spec.stdio.stdin }),
    }),
    spec,
  );
};

/** What takes the output of guests; of one call also whoever asked for that. */
function sinkOf(
  { stdio, onOutput }: ExecutorSpec,
  onOwnOutput?: CallRequest["onOutput"],
): GuestOutputSink {
  if (stdio !== undefined) return { kind: "bytes", onBytes: stdio.onBytes };
  const all = guarded(onOutput);
  const own = onOwnOutput && guarded(onOwnOutput);
  return {
    kind: "lines",
    onOutput: (output) => {
      own?.(output);
      all(output);
    },
  };
}

class InlineExecutor implements Executor {
  readonly #runner: Runner;
  readonly #spec: ExecutorSpec;
  readonly #stopped = new AbortController();
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #instances = new Set<number>();
  #lastId = 0;

  constructor(runner: Runner, spec: ExecutorSpec) {
    this.#runner = runner;
    this.#spec = spec;
  }

  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  async instantiate(
    options: { readonly signal?: AbortSignal; readonly timeout?: number },
  ): Promise<CallResult & { id: number }> {
    const id = ++this.#lastId;
    this.#instances.add(id);
    return { ...await this.#runner.instantiate(id, this.#limits(options)), id };
  }

  call(
    { export: name, args, environment, simulation, onOutput, ...limits }: CallRequest,
    instance?: number,
  ): Promise<CallResult> {
    const options = { args, ...this.#limits(limits) };
    if (instance !== undefined) return this.#runner.call(instance, name, options);
    return this.#runner.callFresh(name, {
      ...options,
      output: sinkOf(this.#spec, onOutput),
      ...(environment !== undefined && { environment }),
      ...(simulation !== undefined && { simulation }),
    });
  }

  dispose(instance: number): void {
    this.#instances.delete(instance);
    this.#runner.dispose(instance);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new CancelledError("The executor was stopped"));
    for (const instance of this.#instances) this.dispose(instance);
    this.#ended.resolve(undefined);
    return Promise.resolve();
  }

  #limits(
    { signal, timeout }: { readonly signal?: AbortSignal; readonly timeout?: number },
  ): CallLimits {
    return {
      signal: signal === undefined
        ? this.#stopped.signal
        : AbortSignal.any([this.#stopped.signal, signal]),
      ...(timeout !== undefined && { timeout }),
    };
  }
}
