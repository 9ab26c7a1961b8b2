/**
 * From a component's bytes to something that can be instantiated, by way of the cache. What is not
 * in the cache is compiled in a worker: jco works without a pause for seconds on a large component,
 * and the main isolate must answer a signal meanwhile.
 *
 * @module
 */

import { CompileError } from "../errors.ts";
import type { LoadedSource } from "../loader/loaded_source.ts";
import type { CompileCache } from "./cache.ts";
import type { CompiledComponent } from "./compiled_component.ts";
import type { CompileReply, CompileRequest } from "./compile_worker.ts";
import { ADAPT_VERSION } from "./adapt.ts";
import { INSTRUMENT_VERSION } from "./instrument/instrument.ts";
import { JCO_VERSION, MEND_VERSION } from "./jco.ts";

/** What a {@linkcode Compiler} is made of. */
export interface CompilerOptions {
  /**
   * For every interface that a host may provide, the functions of it that may suspend the guest,
   * as `ns:package/interface#function`.
   */
  readonly suspendingImports: ReadonlyMap<string, readonly string[]>;
  /** Where compiled components are kept; every compile is done anew if absent. */
  readonly cache?: CompileCache;
}

/** A component to be compiled. */
interface Job {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly reply: PromiseWithResolvers<CompileReply>;
}

/** Compiles components, one after the other. Its worker lives only as long as there is work. */
export class Compiler implements Disposable {
  readonly #options: CompilerOptions;
  readonly #waiting: Job[] = [];
  #running: Job | undefined;
  #worker: Worker | undefined;
  #disposed = false;

  /**
   * Makes a compiler; nothing is started yet.
   *
   * @param options The cache, and which host functions may suspend the guest.
   */
  constructor(options: CompilerOptions) {
    this.#options = options;
  }

  /**
   * Compiles a component, or takes it from the cache.
   *
   * @param source The component's bytes and their digest.
   * @param componentId The component's id, for messages.
   * @returns The compiled component.
   * @throws {CompileError} `ERR_COMPILE` if the bytes are no component that jco can transpile;
   * `ERR_CORE_MODULE` or `ERR_ADAPTER` if they are a core module of which none can be made.
   */
  async compile(
    source: LoadedSource,
    componentId: string,
  ): Promise<CompiledComponent> {
    const { cache, suspendingImports } = this.#options;
    const key = await cacheKey(source.digest, suspendingImports);
    const cached = await cache?.read(key);
    if (cached !== undefined) return cached;
    const reply = await this.#request(source.bytes);
    if (!reply.ok) {
      throw new CompileError(
        reply.code ?? "ERR_COMPILE",
        `Component "${componentId}" cannot be compiled: ${reply.message}`,
        { hint: reply.hint ?? "Check that it is a valid WebAssembly component for WASI 0.2" },
      );
    }
    const compiled = { digest: source.digest, ...reply.compiled };
    await cache?.write(key, compiled);
    return compiled;
  }

  /** Stops for good; compiles under way fail. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#stopWorker();
    this.#running?.reply.reject(stopped());
    this.#running = undefined;
    for (const { reply } of this.#waiting.splice(0)) reply.reject(stopped());
  }

  #request(bytes: Uint8Array<ArrayBuffer>): Promise<CompileReply> {
    if (this.#disposed) return Promise.reject(stopped());
    const reply = Promise.withResolvers<CompileReply>();
    this.#waiting.push({ bytes, reply });
    this.#next();
    return reply.promise;
  }

  /** Hands out one job at a time: what jco breaks over must not take another one with it. */
  #next(): void {
    if (this.#running !== undefined) return;
    this.#running = this.#waiting.shift();
    if (this.#running === undefined) return this.#stopWorker();
    this.#worker ??= this.#start();
    const { suspendingImports } = this.#options;
    this.#worker.postMessage(
      { bytes: this.#running.bytes, suspendingImports } satisfies CompileRequest,
    );
  }

  #start(): Worker {
    const worker = new Worker(new URL("./compile_worker.ts", import.meta.url), {
      type: "module",
      name: "gyre:compile",
    });
    const settle = (reply: CompileReply) => {
      if (this.#worker !== worker) return;
      if (!reply.ok && reply.broken) this.#stopWorker();
      this.#running?.reply.resolve(reply);
      this.#running = undefined;
      this.#next();
    };
    worker.onmessage = ({ data }: MessageEvent<CompileReply>) => settle(data);
    worker.onerror = (event) => {
      event.preventDefault();
      settle({ ok: false, message: event.message, broken: true });
    };
    return worker;
  }

  #stopWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function stopped(): CompileError {
  return new CompileError("ERR_COMPILE_STOPPED", "The compiler was stopped");
}

async function cacheKey(
  digest: string,
  suspendingImports: CompilerOptions["suspendingImports"],
): Promise<string> {
  const parts = [JCO_VERSION, MEND_VERSION, INSTRUMENT_VERSION, ADAPT_VERSION, digest, [
    ...suspendingImports,
  ]];
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
