/**
 * The isolation without an isolate: guests run in the caller's own, with the caller's permissions.
 * For components that are trusted, and for tests; only the host interfaces stand between the guest
 * and the machine.
 *
 * @module
 */

import { CancelledError } from "../guest/failure.ts";
import { loadProgram } from "../guest/program.ts";
import { type CallResult, Runner } from "../guest/runner.ts";
import { guarded } from "./guarded_output.ts";
import type { CallRequest, Executor, Isolation } from "./isolation.ts";

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
  );
  const imports = spec.compiled.world.imports.map(({ name }) => name);
  return new InlineExecutor(
    new Runner(program, {
      imports,
      grant: spec.grant,
      onDenied: spec.onDenied,
      onOutput: guarded(spec.onOutput),
    }),
  );
};

class InlineExecutor implements Executor {
  readonly #runner: Runner;
  readonly #stopped = new AbortController();
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #instances = new Set<number>();
  #lastId = 0;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  async instantiate(options: { readonly signal?: AbortSignal }): Promise<
    CallResult & { id: number }
  > {
    const id = ++this.#lastId;
    this.#instances.add(id);
    return {
      ...await this.#runner.instantiate(id, this.#signal(options.signal)),
      id,
    };
  }

  call(
    { export: name, args, signal }: CallRequest,
    instance?: number,
  ): Promise<CallResult> {
    const options = { args, signal: this.#signal(signal) };
    return instance === undefined
      ? this.#runner.callFresh(name, options)
      : this.#runner.call(instance, name, options);
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

  #signal(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined
      ? this.#stopped.signal
      : AbortSignal.any([this.#stopped.signal, signal]);
  }
}
