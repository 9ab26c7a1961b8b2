/**
 * The execution context: everything between an application and the events that happen to it. It
 * loads, compiles, links and isolates components, and knows neither manifests nor triggers.
 *
 * @module
 */

import type { Application, Component } from "../app/application.ts";
import { type Clock, systemClock } from "../clock.ts";
import { CompileCache } from "../compile/cache.ts";
import { Compiler } from "../compile/compiler.ts";
import { PrepareError } from "../errors.ts";
import type { GuestOutput } from "../guest/output.ts";
import { logger } from "../log.ts";
import { HOST_CATALOG } from "../host/catalog.ts";
import { startInline } from "../isolation/inline.ts";
import type { GuestStdio, Isolation } from "../isolation/isolation.ts";
import { simulated } from "../isolation/simulated.ts";
import { startWorker } from "../isolation/worker.ts";
import type { Denial } from "../policy/denial.ts";
import { createLoader, type Loader } from "../loader/loader.ts";
import type { Mount } from "../policy/policy.ts";
import type { VirtualTime } from "../virtual_time.ts";
import { join } from "node:path";
import { assertInitialSize } from "./initial_size_check.ts";
import { assertImportsProvided } from "./link_check.ts";
import { buildPolicy } from "./build_policy.ts";
import { detachMounts } from "./detach_mounts.ts";
import { PreparedComponent } from "./prepared_component.ts";
import { resolveVariables } from "./resolve_variables.ts";

/** The ways to run guests. */
export type IsolationName = "worker" | "inline";

/** Options of {@linkcode ExecutionContext.create}. */
export interface ExecutionContextOptions {
  /** Absolute directory for downloads and compiled components; nothing is kept if absent. */
  readonly cacheDir?: string;
  /** Where components come from. Default: local files, and http(s) with a digest. */
  readonly loader?: Loader;
  /**
   * Where guests run. Default `worker`: a Deno Worker per component, with the permissions that the
   * component's policy needs. `inline` runs them in the caller's isolate: for trusted components.
   */
  readonly isolation?: IsolationName;
  /** Environment variables for every component, over those that the application gives. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Directories that every component sees, as they are, beside its own files. Default: none. */
  readonly mounts?: readonly Mount[];
  /**
   * Where stdin comes from, and stdout and stderr go, as bytes. Default: guests have no stdin, and
   * what they write goes line by line to `onOutput`.
   */
  readonly stdio?: GuestStdio;
  /** Values of application variables, over their defaults. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether guests may write to the copies of their files, which are thrown away. Default: no. */
  readonly allowTransientWrite?: boolean;
  /** Takes what guests write, line by line. */
  readonly onOutput?: (output: ComponentOutput) => void;
  /** Is told, once for each target, what a component was refused. */
  readonly onDenied?: (denial: ComponentDenial) => void;
  /** Called when a component starts to be loaded and compiled, and when it is ready. */
  readonly onPreparing?: (progress: PreparingProgress) => void;
  /** Called when a component's worker died or did not start. */
  readonly onWorkerFailure?: (failure: WorkerFailure) => void;
  /** What restarts are timed with. Default: the platform's clock. */
  readonly clock?: Clock;
  /**
   * The time that guests run in, with random numbers that are the same every time; what they write
   * into directories is thrown away then. Default: the real time. Calls end only while its `runUntil`
   * runs.
   */
  readonly simulation?: VirtualTime;
  /** Ends preparations that are under way; they reject with its reason. */
  readonly signal?: AbortSignal;
}

/** A line that a component wrote. */
export interface ComponentOutput extends GuestOutput {
  /** The component's id. */
  readonly component: string;
}

/** Something that a component was not allowed. */
export interface ComponentDenial extends Denial {
  /** The component's id. */
  readonly component: string;
}

/** How far a component is on its way to readiness. */
export interface PreparingProgress {
  /** The component's id. */
  readonly component: string;
  /** Whether it is ready now. */
  readonly ready: boolean;
}

/** The death of a component's worker. */
export interface WorkerFailure {
  /** The component's id. */
  readonly component: string;
  /** What happened. */
  readonly error: Error;
  /** How long (ms) the next start waits at least. */
  readonly pause: number;
}

const ISOLATIONS: Readonly<Record<IsolationName, Isolation>> = {
  worker: startWorker,
  inline: startInline,
};

/** Prepares the components of one application. */
export class ExecutionContext implements AsyncDisposable {
  /** The application. */
  readonly application: Application;
  readonly #options: ExecutionContextOptions;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #loader: Loader;
  readonly #compiler: Compiler;
  readonly #prepared = new Map<string, Promise<PreparedComponent>>();
  readonly #workDir: string;
  #lastStage = 0;
  readonly #disposed = new AbortController();
  /** Fires when preparations are to end. */
  readonly #signal: AbortSignal;

  private constructor(
    application: Application,
    options: ExecutionContextOptions,
    workDir: string,
  ) {
    this.application = application;
    this.#options = options;
    this.#workDir = workDir;
    this.#signal = options.signal === undefined
      ? this.#disposed.signal
      : AbortSignal.any([this.#disposed.signal, options.signal]);
    this.#variables = resolveVariables(application, options.variables ?? {});
    const cacheDir = options.cacheDir;
    this.#loader = options.loader ??
      createLoader({ cacheDir: cacheDir ?? join(workDir, "cache") });
    this.#compiler = new Compiler({
      suspendingImports: new Map(HOST_CATALOG.map(({ id, suspends }) => [id, suspends])),
      ...(cacheDir === undefined ? {} : { cache: new CompileCache(join(cacheDir, "components")) }),
    });
    // Not waited for: jco cannot be interrupted, and a terminated worker must finish its component.
    const stopCompiling = () => this.#compiler[Symbol.dispose]();
    this.#signal.addEventListener("abort", stopCompiling, { once: true });
  }

  /**
   * Makes a context for an application. No component is touched yet.
   *
   * @param application The application.
   * @param options Where components come from, where they run, and who hears of it.
   * @returns The context. Dispose it: it owns workers and a temporary directory.
   * @throws {PrepareError} `ERR_VARIABLE_REQUIRED` or `ERR_UNKNOWN_VARIABLE`.
   */
  static async create(
    application: Application,
    options: ExecutionContextOptions = {},
  ): Promise<ExecutionContext> {
    const workDir = await Deno.makeTempDir({ prefix: "gyre-" });
    try {
      return new ExecutionContext(application, options, workDir);
    } catch (error) {
      await Deno.remove(workDir, { recursive: true });
      throw error;
    }
  }

  /**
   * Loads, compiles and checks a component, once; later calls give the same, unless it failed.
   *
   * @param id The component's id.
   * @param args The guest's command-line arguments, its own name first. Default: none. Each list of
   * them makes a component of its own.
   * @returns The component, ready to be instantiated.
   * @throws {PrepareError} `ERR_UNKNOWN_COMPONENT`; `ERR_IMPORT_NOT_PROVIDED` if it imports what no
   * host interface provides; `ERR_MEMORY_LIMIT` or `ERR_TABLE_LIMIT` if it begins with too much.
   * @throws {LoadError} If its source or its files cannot be read.
   * @throws {CompileError} `ERR_COMPILE` if it is no valid component; `ERR_CORE_MODULE` or
   * `ERR_ADAPTER` if it is a core module of which none can be made.
   */
  prepareComponent(id: string, args: readonly string[] = []): Promise<PreparedComponent> {
    const key = JSON.stringify([id, ...args]);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const preparing = this.#prepare(id, args);
    this.#prepared.set(key, preparing);
    // What failed is tried anew by the next call: a server may be back, or a file be built.
    preparing.catch(() => this.#prepared.delete(key));
    return preparing;
  }

  /** Stops every worker and removes the temporary directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort(new Error("The execution context was disposed"));
    const preparing = await Promise.allSettled(this.#prepared.values());
    this.#prepared.clear();
    await Promise.all(
      preparing.map((result) =>
        result.status === "fulfilled" ? result.value[Symbol.asyncDispose]() : undefined
      ),
    );
    await Deno.remove(this.#workDir, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }

  #isolation(): Isolation {
    const { isolation = "worker", simulation } = this.#options;
    const chosen = ISOLATIONS[isolation];
    return simulation === undefined ? chosen : simulated(chosen, simulation);
  }

  #component(id: string): Component {
    const component = this.application.components.find((component) => component.id === id);
    if (component !== undefined) return component;
    const known = this.application.components.map(({ id }) => id).join(", ");
    throw new PrepareError(
      "ERR_UNKNOWN_COMPONENT",
      `The application has no component "${id}"`,
      {
        hint: `Its components are: ${known}`,
      },
    );
  }

  async #prepare(id: string, args: readonly string[]): Promise<PreparedComponent> {
    this.#signal.throwIfAborted();
    const component = this.#component(id);
    const { baseDir } = this.application;
    const { onPreparing, onOutput, onDenied, onWorkerFailure, environment = {} } = this.#options;
    const { mounts = [], stdio } = this.#options;
    onPreparing?.({ component: component.id, ready: false });
    const source = await this.#loader.load({
      componentId: component.id,
      source: component.source,
      baseDir,
      signal: this.#signal,
    });
    const compiled = await this.#compiler.compile(source, component.id);
    assertImportsProvided(component, compiled.world);
    assertInitialSize(component, compiled);
    for (const reason of compiled.uninstrumented) {
      logger("context").warn(
        "The code of component {component} cannot be given a deadline, so that only the end of its " +
          "thread ends it when it is busy: {reason}",
        { component: component.id, reason },
      );
    }
    const stageDir = join(this.#workDir, "files", `${component.id}-${++this.#lastStage}`);
    const policy = await buildPolicy(component, {
      baseDir,
      stageDir,
      transientWrite: this.#options.allowTransientWrite ?? false,
      environment,
      componentIds: this.application.components.map(({ id }) => id),
      variables: this.#variables,
      signal: this.#signal,
    });
    const granted = [...policy.mounts, ...mounts];
    const isReal = this.#options.simulation === undefined;
    const seen = isReal ? granted : await detachMounts(granted, `${stageDir}-writable`);
    onPreparing?.({ component: component.id, ready: true });
    return new PreparedComponent({
      component,
      compiled,
      policy: { ...policy, mounts: seen },
      args,
      ...(stdio !== undefined && { stdio }),
      isolation: this.#isolation(),
      clock: this.#options.clock ?? this.#options.simulation ?? systemClock,
      onOutput: (output) => onOutput?.({ component: component.id, ...output }),
      onDenied: (denial) => onDenied?.({ component: component.id, ...denial }),
      onFailure: (failure) => onWorkerFailure?.({ component: component.id, ...failure }),
    });
  }
}
