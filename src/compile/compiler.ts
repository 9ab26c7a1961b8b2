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

/** Compiles components, one after the other. Its worker lives only as long as there is work. */
export class Compiler implements Disposable {
  readonly #options: CompilerOptions;
  readonly #waiting = new Map<number, PromiseWithResolvers<CompileReply>>();
  #worker: Worker | undefined;
  #lastId = 0;
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
   * @throws {CompileError} `ERR_COMPILE` if the bytes are no component that jco can transpile.
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
        "ERR_COMPILE",
        `Component "${componentId}" cannot be compiled: ${reply.message}`,
        { hint: "Check that it is a valid WebAssembly component for WASI 0.2" },
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
    for (const waiting of this.#waiting.values()) waiting.reject(stopped());
    this.#waiting.clear();
  }

  #request(bytes: Uint8Array<ArrayBuffer>): Promise<CompileReply> {
    if (this.#disposed) return Promise.reject(stopped());
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<CompileReply>();
    this.#waiting.set(id, waiting);
    this.#worker ??= this.#start();
    const { suspendingImports } = this.#options;
    this.#worker.postMessage(
      { id, bytes, suspendingImports } satisfies CompileRequest,
    );
    return waiting.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./compile_worker.ts", import.meta.url), {
      type: "module",
      name: "gyre:compile",
    });
    worker.onmessage = ({ data }: MessageEvent<CompileReply>) => {
      this.#waiting.get(data.id)?.resolve(data);
      this.#waiting.delete(data.id);
      if (this.#waiting.size === 0) this.#stopWorker();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stopWorker();
      for (const [id, waiting] of this.#waiting) {
        waiting.resolve({ id, ok: false, message: event.message });
      }
      this.#waiting.clear();
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
  const parts = [JCO_VERSION, MEND_VERSION, digest, [...suspendingImports]];
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
