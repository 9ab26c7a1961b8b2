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
import { cancelled, CancelledError, classify, type GuestFailure } from "./failure.ts";
import { GuestInstance } from "./guest_instance.ts";
import { LineSplitter } from "./line_splitter.ts";
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

/** The streams that a guest writes to. */
export type OutputStreamName = "stdout" | "stderr";

/** A line that a guest wrote. */
export interface GuestOutput {
  /** The stream it was written to. */
  readonly stream: OutputStreamName;
  /** The text, without its line break. */
  readonly line: string;
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
  readonly onOutput: (output: GuestOutput) => void;
  /** Is told what guests were refused. */
  readonly onDenied: (denial: Denial) => void;
}

interface FreshInstance {
  readonly guest: GuestInstance;
  readonly close: () => void;
}

interface LiveInstance extends FreshInstance {
  readonly cancellation: AbortController;
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
   * @param signal Ends whatever the instance waits for.
   * @returns How the start functions ended.
   */
  async instantiate(id: number, signal: AbortSignal): Promise<CallResult> {
    return await settle(signal, async () => {
      const cancellation = new AbortController();
      const unlink = link(signal, cancellation);
      try {
        const instance = await this.#create(cancellation.signal);
        this.#instances.set(id, { ...instance, cancellation });
      } finally {
        unlink(); // the signal is that of the start, which is over
      }
      return undefined;
    });
  }

  /**
   * Calls an export of a living instance.
   *
   * @param id The instance.
   * @param name The export's name in kebab-case.
   * @param args The arguments.
   * @param signal Ends whatever the guest waits for.
   * @returns How the call ended.
   */
  async call(
    id: number,
    name: string,
    { args, signal }: {
      readonly args: readonly unknown[];
      readonly signal: AbortSignal;
    },
  ): Promise<CallResult> {
    return await settle(signal, async () => {
      const instance = this.#instances.get(id);
      if (instance === undefined) {
        throw new CancelledError("The instance was disposed");
      }
      const unlink = link(signal, instance.cancellation);
      try {
        return await instance.guest.call(name, args);
      } finally {
        unlink();
      }
    });
  }

  /**
   * Calls an export of a fresh instance, which is gone afterwards.
   *
   * @param name The export's name in kebab-case.
   * @param args The arguments.
   * @param signal Ends whatever the guest waits for.
   * @returns How the call ended.
   */
  async callFresh(
    name: string,
    { args, signal }: {
      readonly args: readonly unknown[];
      readonly signal: AbortSignal;
    },
  ): Promise<CallResult> {
    return await settle(signal, async () => {
      const instance = await this.#create(signal);
      try {
        return await instance.guest.call(name, args);
      } finally {
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
    instance?.cancellation.abort(
      new CancelledError("The instance was disposed"),
    );
    instance?.close();
  }

  async #create(signal: AbortSignal): Promise<FreshInstance> {
    const stdout = this.#lines("stdout");
    const stderr = this.#lines("stderr");
    const end = () => {
      stdout.end();
      stderr.end();
    };
    try {
      const guest = await GuestInstance.create(this.#program, this.#options.imports, {
        ...this.#options.grant,
        allowedHosts: this.#allowedHosts,
        allowedInbound: this.#allowedInbound,
        stdin: () => Promise.resolve(undefined),
        onDenied: this.#options.onDenied,
        stdout: (chunk) => stdout.write(chunk),
        stderr: (chunk) => stderr.write(chunk),
        signal,
      });
      const close = () => {
        guest[Symbol.dispose]();
        end();
      };
      return { guest, close };
    } catch (error) {
      end();
      throw error;
    }
  }

  #lines(stream: OutputStreamName): LineSplitter {
    return new LineSplitter((line) => this.#options.onOutput({ stream, line }));
  }
}

async function settle(
  signal: AbortSignal,
  run: () => Promise<unknown>,
): Promise<CallResult> {
  try {
    signal.throwIfAborted();
    return { ok: true, value: await run() };
  } catch (error) {
    return {
      ok: false,
      failure: signal.aborted ? cancelled(signal) : classify(error),
    };
  }
}

/** Makes one controller follow a signal that has not fired yet. Returns what ends that. */
function link(signal: AbortSignal, controller: AbortController): () => void {
  const follow = () => controller.abort(signal.reason);
  signal.addEventListener("abort", follow, { once: true });
  return () => signal.removeEventListener("abort", follow);
}
