/**
 * The default isolation: one locked thread per component, whose Deno permissions are the second wall
 * around the guest.
 *
 * @module
 */

import { IsolationError, messageOf } from "../errors.ts";
import { CallControl } from "./call_control.ts";
import { cancelled, type GuestFailure } from "../guest/failure.ts";
import type { GuestOutput } from "../guest/output.ts";
import type { CallResult } from "../guest/runner.ts";
import { guarded } from "./guarded_output.ts";
import type { CallRequest, Executor, ExecutorSpec, Isolation } from "./isolation.ts";
import { LockedThread } from "./locked_thread.ts";
import { OutputWindow } from "./output_window.ts";
import {
  decodeFromWorker,
  encode,
  type FromWorker,
  PROTOCOL_VERSION,
  type ToWorker,
} from "./protocol.ts";
import { Watchdog } from "./watchdog.ts";

/** Compiling the largest guests takes about a second; beyond this the worker is stuck. */
const START_TIMEOUT = 30_000;
/** A worker that does not answer a cancellation within this time (ms) is busy in the guest. */
const CANCEL_TIMEOUT = 500;

/**
 * Starts a locked worker for a component.
 *
 * @param spec The component, and the permissions of its worker.
 * @param options Ends the start early.
 * @returns The executor, ready for calls.
 * @throws {IsolationError} `ERR_WORKER_START` if the worker does not come up.
 */
export const startWorker: Isolation = async (spec, options = {}) => {
  const executor = makeExecutor(spec);
  try {
    await executor.start(options.signal);
    return executor;
  } catch (error) {
    await executor[Symbol.asyncDispose]();
    throw error;
  }
};

function makeExecutor(spec: ExecutorSpec): WorkerExecutor {
  try {
    return new WorkerExecutor(spec);
  } catch (cause) {
    throw new IsolationError(
      "ERR_WORKER_START",
      `The worker of component "${spec.componentId}" cannot be given its permissions: ` +
        messageOf(cause),
      { cause, hint: "Start Gyre with the permissions that the component needs, or deno run -A" },
    );
  }
}

interface PendingCall {
  readonly settle: (result: CallResult) => void;
  /** How it ends if the thread ends first. */
  readonly orphaned: (error: Error) => CallResult;
  /** Takes what its guest writes. */
  readonly onOutput?: (output: GuestOutput) => void;
}

class WorkerExecutor implements Executor {
  readonly #spec: ExecutorSpec;
  readonly #onOutput: ExecutorSpec["onOutput"];
  readonly #thread: LockedThread;
  readonly #window = new OutputWindow();
  readonly #control = new CallControl();
  readonly #watchdog: Watchdog;
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<Error | undefined>();
  readonly #pending = new Map<number, PendingCall>();
  #lastId = 0;
  #isStarted = false;
  #dead: Error | undefined;

  constructor(spec: ExecutorSpec) {
    this.#spec = spec;
    this.#onOutput = guarded(spec.onOutput);
    this.#started.promise.catch(() => {}); // awaited in start(), which may have lost the race
    this.#thread = new LockedThread({
      name: `gyre:${spec.componentId}`,
      permissions: spec.permissions,
      onMessage: (data) => this.#receive(data),
      onEnd: (reason) => {
        const code = this.#isStarted ? "ERR_WORKER_DIED" : "ERR_WORKER_START";
        this.#end(this.#error(code, `died: ${reason ?? "it gave no reason"}`));
      },
    });
    this.#watchdog = new Watchdog({
      ping: () => this.#send({ type: "ping" }),
      progress: () => this.#control.progress,
      onSilence: () => this.#end(this.#error("ERR_WORKER_BUSY", BUSY)),
    });
  }

  get ended(): Promise<Error | undefined> {
    return this.#ended.promise;
  }

  async start(signal?: AbortSignal): Promise<void> {
    const { compiled, grant, stdio } = this.#spec;
    const onAbort = () => this.#started.reject(signal?.reason);
    const timer = setTimeout(
      () => this.#started.reject(this.#error("ERR_WORKER_START", "did not start in time")),
      START_TIMEOUT,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      signal?.throwIfAborted();
      this.#send({
        type: "start",
        version: PROTOCOL_VERSION,
        source: compiled.source,
        modules: [...compiled.modules],
        imports: compiled.world.imports.map(({ name }) => name),
        grant,
        stdio: stdio !== undefined,
        window: this.#window.memory,
        control: this.#control.memory,
      });
      await this.#started.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async instantiate(
    options: { readonly signal?: AbortSignal; readonly timeout?: number },
  ): Promise<CallResult & { id: number }> {
    const id = ++this.#lastId;
    return { ...await this.#request({ type: "instantiate", instance: id }, options), id };
  }

  call(request: CallRequest, instance?: number): Promise<CallResult> {
    const { export: name, args, environment, simulation } = request;
    if (instance !== undefined) {
      return this.#request({ type: "call", export: name, args, instance }, request);
    }
    return this.#request({
      type: "call",
      export: name,
      args,
      ...(environment !== undefined && { environment }),
      ...(simulation !== undefined && { simulation }),
    }, request);
  }

  dispose(instance: number): void {
    if (this.#dead === undefined) this.#send({ type: "dispose", instance });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(undefined);
    await this.#ended.promise;
  }

  #request(
    message: Unnumbered,
    { signal, timeout, onOutput }: Pick<CallRequest, "signal" | "timeout" | "onOutput">,
  ): Promise<CallResult> {
    if (this.#dead !== undefined) return Promise.resolve(died(this.#dead));
    if (signal?.aborted) {
      return Promise.resolve({ ok: false, failure: cancelled(signal) });
    }
    const call = ++this.#lastId;
    return new Promise((resolve) => {
      let unresponsive: ReturnType<typeof setTimeout> | undefined;
      const onAbort = () => {
        this.#control.cancel(call);
        this.#send({ type: "cancel", call });
        const progress = this.#control.progress;
        unresponsive = setTimeout(() => {
          // A thread that another guest keeps busy comes to this call in time, or not at all.
          if (this.#control.progress !== progress) settle({ ok: false, failure: CANCELLED });
          else this.#end(this.#error("ERR_WORKER_BUSY", BUSY));
        }, CANCEL_TIMEOUT);
      };
      const settle = (result: CallResult) => {
        clearTimeout(unresponsive);
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(call);
        this.#watchdog.delete(call);
        resolve(signal?.aborted ? { ok: false, failure: cancelled(signal) } : result);
      };
      const due = performance.now() + (timeout ?? Infinity);
      const orphaned = (error: Error) => performance.now() < due ? died(error) : late(error);
      const own = onOutput && { onOutput: guarded(onOutput) };
      this.#pending.set(call, { settle, orphaned, ...own });
      this.#watchdog.add(call, timeout);
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        this.#send({ ...message, call, ...(timeout !== undefined && { timeout }) });
      } catch (error) {
        settle({ ok: false, failure: notSent(error) });
      }
    });
  }

  #receive(data: unknown): void {
    this.#watchdog.sign();
    try {
      this.#handle(decodeFromWorker(data));
    } catch (cause) {
      this.#end(this.#error("ERR_WORKER_DIED", "sent a message that cannot be read", cause));
    }
  }

  #handle(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        this.#isStarted = true;
        this.#started.resolve();
        break;
      case "refused":
        this.#started.reject(
          this.#error("ERR_WORKER_START", `cannot load it: ${message.message}`),
        );
        break;
      case "returned":
        this.#pending.get(message.call)?.settle(resultOf(message));
        break;
      case "failed":
        this.#pending.get(message.call)?.settle(resultOf(message));
        break;
      case "output": {
        const { call, stream, line } = message;
        if (call !== undefined) this.#pending.get(call)?.onOutput?.({ stream, line });
        this.#onOutput({ stream, line });
        this.#window.leave(line.length);
        break;
      }
      case "bytes":
        this.#spec.stdio?.onBytes({ stream: message.stream, bytes: message.bytes });
        this.#window.leave(message.bytes.length);
        break;
      case "read":
        this.#read(message.read, message.limit);
        break;
      case "pong":
        break; // that it came was all it had to say
      case "denied":
        this.#spec.onDenied(message.denial);
        break;
      default:
        message satisfies never;
    }
  }

  async #read(read: number, limit: number): Promise<void> {
    // What cannot be read has ended: the guest is told nothing about the host's files.
    const chunk = await this.#spec.stdio?.stdin(limit).catch(() => undefined);
    if (this.#dead !== undefined) return;
    this.#send({ type: "stdin", read, ...(chunk !== undefined && { chunk }) });
  }

  #send(message: ToWorker): void {
    this.#thread.post(encode(message));
  }

  /** Ends the worker, once: with an error if it died, without one if nobody needs it any more. */
  async #end(error: Error | undefined): Promise<void> {
    if (this.#dead !== undefined) return;
    this.#dead = error ?? this.#error("ERR_WORKER_STOPPED", "was stopped");
    this.#watchdog[Symbol.dispose]();
    this.#window.close();
    this.#started.reject(this.#dead);
    for (const { settle, orphaned } of [...this.#pending.values()]) settle(orphaned(this.#dead));
    const hasEnded = await this.#thread.stop();
    this.#ended.resolve(hasEnded ? error : this.#error("ERR_WORKER_BUSY", BURNS, error));
  }

  #error(code: string, what: string, cause?: unknown): IsolationError {
    return new IsolationError(
      code,
      `The worker of component "${this.#spec.componentId}" ${what}`,
      { cause },
    );
  }
}

type Unnumbered =
  | { readonly type: "instantiate"; readonly instance: number }
  | Omit<Extract<ToWorker, { type: "call" }>, "call" | "timeout">;

const BUSY = "gave no sign of life and was stopped";
const BURNS = "goes on although it was stopped, until the process ends";
const CANCELLED: GuestFailure = {
  kind: "cancelled",
  message: "The event was cancelled",
  stack: [],
};

/** What a message says of a call's end. */
function resultOf(message: Extract<FromWorker, { type: "returned" | "failed" }>): CallResult {
  const { type: _type, call: _call, ...result } = message;
  return "failure" in result ? { ok: false, ...result } : { ok: true, ...result };
}

function died({ message }: Error): CallResult {
  return { ok: false, failure: { kind: "trap", message, stack: [] } };
}

function late({ message }: Error): CallResult {
  return { ok: false, failure: { kind: "timeout", message, stack: [] } };
}

function notSent(error: unknown): GuestFailure {
  const message = `The arguments cannot be sent: ${messageOf(error)}`;
  return { kind: "trap", message, stack: [] };
}
