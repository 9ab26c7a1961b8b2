/**
 * The default isolation: one Deno Worker per component, whose Deno permissions are the second wall
 * around the guest.
 *
 * @module
 */

import { IsolationError, messageOf } from "../errors.ts";
import { cancelled, type GuestFailure } from "../guest/failure.ts";
import type { CallResult } from "../guest/runner.ts";
import { guarded } from "./guarded_output.ts";
import type { CallRequest, Executor, ExecutorSpec, Isolation } from "./isolation.ts";
import { OutputWindow } from "./output_window.ts";
import { decodeFromWorker, encode, PROTOCOL_VERSION, type ToWorker } from "./protocol.ts";

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
  const executor = new WorkerExecutor(spec);
  try {
    await executor.start(spec, options.signal);
    return executor;
  } catch (error) {
    await executor[Symbol.asyncDispose]();
    throw error;
  }
};

interface PendingCall {
  readonly settle: (result: CallResult) => void;
}

class WorkerExecutor implements Executor {
  readonly #componentId: string;
  readonly #onOutput: ExecutorSpec["onOutput"];
  readonly #onDenied: ExecutorSpec["onDenied"];
  readonly #worker: Worker;
  readonly #window = new OutputWindow();
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<Error | undefined>();
  readonly #pending = new Map<number, PendingCall>();
  #lastId = 0;
  #isStarted = false;
  #dead: Error | undefined;

  constructor(spec: ExecutorSpec) {
    this.#componentId = spec.componentId;
    this.#onOutput = guarded(spec.onOutput);
    this.#onDenied = spec.onDenied;
    this.#started.promise.catch(() => {}); // awaited in start(), which may have lost the race
    this.#worker = new Worker(new URL("./worker_main.ts", import.meta.url), {
      type: "module",
      name: `gyre:${spec.componentId}`,
      deno: { permissions: spec.permissions },
    });
    this.#worker.onmessage = (event: MessageEvent<unknown>) => this.#receive(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault(); // else the error of one component would end the whole process
      const code = this.#isStarted ? "ERR_WORKER_DIED" : "ERR_WORKER_START";
      this.#end(this.#error(code, `died: ${event.message}`));
    };
    this.#worker.onmessageerror = () =>
      this.#end(
        this.#error("ERR_WORKER_DIED", "sent a message that cannot be read"),
      );
  }

  get ended(): Promise<Error | undefined> {
    return this.#ended.promise;
  }

  async start(spec: ExecutorSpec, signal?: AbortSignal): Promise<void> {
    const onAbort = () => this.#started.reject(signal?.reason);
    const timer = setTimeout(
      () =>
        this.#started.reject(
          this.#error("ERR_WORKER_START", "did not start in time"),
        ),
      START_TIMEOUT,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      signal?.throwIfAborted();
      this.#send({
        type: "start",
        version: PROTOCOL_VERSION,
        source: spec.compiled.source,
        modules: [...spec.compiled.modules],
        imports: spec.compiled.world.imports.map(({ name }) => name),
        grant: spec.grant,
        window: this.#window.memory,
      });
      await this.#started.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async instantiate(options: { readonly signal?: AbortSignal }): Promise<
    CallResult & { id: number }
  > {
    const id = ++this.#lastId;
    const message = { type: "instantiate", instance: id } as const;
    return { ...await this.#request(message, options.signal), id };
  }

  call(request: CallRequest, instance?: number): Promise<CallResult> {
    const { export: name, args, signal } = request;
    const target = instance === undefined ? {} : { instance };
    return this.#request(
      { type: "call", export: name, args, ...target },
      signal,
    );
  }

  dispose(instance: number): void {
    if (this.#dead === undefined) this.#send({ type: "dispose", instance });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(undefined);
    await this.#ended.promise;
  }

  #request(
    message:
      | { type: "instantiate"; instance: number }
      | Omit<CallMessage, "call">,
    signal?: AbortSignal,
  ): Promise<CallResult> {
    if (this.#dead !== undefined) return Promise.resolve(died(this.#dead));
    if (signal?.aborted) {
      return Promise.resolve({ ok: false, failure: cancelled(signal) });
    }
    const call = ++this.#lastId;
    return new Promise((resolve) => {
      let unresponsive: ReturnType<typeof setTimeout> | undefined;
      const onAbort = () => {
        this.#send({ type: "cancel", call });
        unresponsive = setTimeout(() => {
          this.#end(
            this.#error(
              "ERR_WORKER_BUSY",
              "does not answer: the guest is busy",
            ),
          );
        }, CANCEL_TIMEOUT);
      };
      const settle = (result: CallResult) => {
        clearTimeout(unresponsive);
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(call);
        resolve(
          signal?.aborted ? { ok: false, failure: cancelled(signal) } : result,
        );
      };
      this.#pending.set(call, { settle });
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        this.#send({ ...message, call });
      } catch (error) {
        settle({ ok: false, failure: notSent(error) });
      }
    });
  }

  #receive(data: unknown): void {
    try {
      const message = decodeFromWorker(data);
      switch (message.type) {
        case "ready":
          this.#isStarted = true;
          this.#started.resolve();
          break;
        case "refused":
          this.#started.reject(
            this.#error(
              "ERR_WORKER_START",
              `cannot load it: ${message.message}`,
            ),
          );
          break;
        case "returned":
          this.#pending.get(message.call)?.settle({
            ok: true,
            value: message.value,
          });
          break;
        case "failed":
          this.#pending.get(message.call)?.settle({
            ok: false,
            failure: message.failure,
          });
          break;
        case "output":
          this.#onOutput({ stream: message.stream, line: message.line });
          this.#window.leave(message.line);
          break;
        case "denied":
          this.#onDenied(message.denial);
          break;
        default:
          message satisfies never;
      }
    } catch (cause) {
      this.#end(
        this.#error(
          "ERR_WORKER_DIED",
          "sent a message that cannot be read",
          cause,
        ),
      );
    }
  }

  #send(message: ToWorker): void {
    const { wire, transfer } = encode(message);
    this.#worker.postMessage(wire, transfer);
  }

  /** Ends the worker, once: with an error if it died, without one if nobody needs it any more. */
  #end(error: Error | undefined): void {
    if (this.#dead !== undefined) return;
    this.#dead = error ?? this.#error("ERR_WORKER_STOPPED", "was stopped");
    this.#worker.terminate();
    this.#window.close();
    this.#started.reject(this.#dead);
    for (const { settle } of [...this.#pending.values()]) {
      settle(died(this.#dead));
    }
    this.#ended.resolve(error);
  }

  #error(code: string, what: string, cause?: unknown): IsolationError {
    return new IsolationError(
      code,
      `The worker of component "${this.#componentId}" ${what}`,
      {
        cause,
      },
    );
  }
}

type CallMessage = Extract<ToWorker, { type: "call" }>;

function died(error: Error): CallResult {
  return {
    ok: false,
    failure: { kind: "trap", message: error.message, stack: [] },
  };
}

function notSent(error: unknown): GuestFailure {
  const message = `The arguments cannot be sent: ${messageOf(error)}`;
  return { kind: "trap", message, stack: [] };
}
