/**
 * The guests' side of the protocol: it only translates messages; the guests run in a
 * {@linkcode Runner}. It is the first of our code that runs in a locked thread.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import type { CallLimits } from "../guest/call_scope.ts";
import { CancelledError } from "../guest/failure.ts";
import { loadProgram } from "../guest/program.ts";
import type { GuestOutputSink } from "../guest/output.ts";
import { type CallResult, Runner } from "../guest/runner.ts";
import { CallControl } from "./call_control.ts";
import { OutputWindow } from "./output_window.ts";
import {
  decodeToWorker,
  encode,
  type FromWorker,
  PROTOCOL_VERSION,
  type ToWorker,
  type WireMessage,
} from "./protocol.ts";

/** Deep enough to show where a guest trapped. */
const STACK_FRAMES = 50;

/** How the thread speaks with the main isolate. */
export interface GuestPort {
  /** Posts a message. */
  post(wire: WireMessage, transfer: ArrayBuffer[]): void;
}

type StartMessage = Extract<ToWorker, { type: "start" }>;
type CallMessage = Extract<ToWorker, { type: "instantiate" | "call" }>;

/** Serves the guests of one component. */
export class GuestServer {
  readonly #port: GuestPort;
  readonly #cancellations = new Map<number, AbortController>();
  readonly #reads = new Map<number, (chunk: Uint8Array | undefined) => void>();
  #runner: Runner | undefined;
  #control: CallControl | undefined;
  #window: OutputWindow | undefined;
  #stdio = false;
  #lastRead = 0;

  /**
   * Makes a server, and takes from this isolate what guests must not reach through the host.
   *
   * @param port How to answer.
   */
  constructor(port: GuestPort) {
    this.#port = port;
    // jco's generated code would read an environment variable on every step that it traces.
    Reflect.deleteProperty(globalThis, "process");
    Error.stackTraceLimit = STACK_FRAMES;
    // Deno tells nobody that a worker closed itself, and whoever waits for it would wait for ever.
    for (const [owner, name] of [[globalThis, "close"], [Deno, "exit"]] as const) {
      Object.defineProperty(owner, name, { value: refuseToClose });
    }
  }

  /**
   * Takes a message of the main isolate.
   *
   * @param data What was posted.
   */
  receive(data: unknown): void {
    const message = decodeToWorker(data);
    switch (message.type) {
      case "start":
        this.#start(message).then(
          () => this.#send({ type: "ready" }),
          (error) => this.#send({ type: "refused", message: String(error) }),
        );
        break;
      case "instantiate":
        this.#answer(message, (guests, limits) => guests.instantiate(message.instance, limits));
        break;
      case "call": {
        const { call, instance, export: name, args, environment, simulation } = message;
        this.#answer(
          message,
          (guests, limits) =>
            instance !== undefined
              ? guests.call(instance, name, { ...limits, args })
              : guests.callFresh(name, {
                ...limits,
                args,
                output: this.#output(call),
                ...(environment !== undefined && { environment }),
                ...(simulation !== undefined && { simulation }),
              }),
        );
        break;
      }
      case "cancel":
        this.#cancellations.get(message.call)?.abort(new CancelledError("The event was cancelled"));
        break;
      case "dispose":
        this.#runner?.dispose(message.instance);
        break;
      case "stdin":
        this.#reads.get(message.read)?.(message.chunk);
        this.#reads.delete(message.read);
        break;
      case "ping":
        this.#send({ type: "pong" });
        break;
      default:
        message satisfies never;
    }
  }

  async #start(message: StartMessage): Promise<void> {
    if (message.version !== PROTOCOL_VERSION) {
      throw new TypeError(`Protocol ${message.version} is not ${PROTOCOL_VERSION}`);
    }
    const control = new CallControl(message.control);
    this.#control = control;
    this.#window = new OutputWindow(message.window);
    this.#stdio = message.stdio;
    this.#runner = new Runner(await loadProgram(message.source, message.modules, message.grant), {
      imports: message.imports,
      grant: message.grant,
      output: this.#output(),
      ...(message.stdio && { stdin: (limit) => this.#read(limit) }),
      onDenied: (denial) => this.#send({ type: "denied", denial }),
      onProgress: () => control.advance(),
    });
  }

  /** Makes what takes the output of an instance; of one that lives as long as a call, for that. */
  #output(call?: number): GuestOutputSink {
    if (!this.#stdio) {
      return {
        kind: "lines",
        onOutput: (output) => {
          this.#window?.enter(output.line.length);
          this.#send({ type: "output", ...(call !== undefined && { call }), ...output });
        },
      };
    }
    return {
      kind: "bytes",
      onBytes: (written) => {
        this.#window?.enter(written.bytes.length);
        this.#send({ type: "bytes", ...written });
      },
    };
  }

  #read(limit: number): Promise<Uint8Array | undefined> {
    const read = ++this.#lastRead;
    return new Promise((resolve) => {
      this.#reads.set(read, resolve);
      this.#send({ type: "read", read, limit });
    });
  }

  #answer(
    { call, timeout }: CallMessage,
    run: (guests: Runner, limits: CallLimits) => Promise<CallResult>,
  ): void {
    const [runner, control] = [this.#runner, this.#control];
    if (runner === undefined || control === undefined) {
      throw new TypeError("Called before the start");
    }
    const cancellation = new AbortController();
    this.#cancellations.set(call, cancellation);
    run(runner, {
      signal: cancellation.signal,
      isCancelled: () => control.isCancelled(call),
      ...(timeout !== undefined && { timeout }),
    }).then((result) => {
      this.#cancellations.delete(call);
      this.#sendResult(call, result);
    });
  }

  #sendResult(call: number, result: CallResult): void {
    const { usage, elapsed } = result;
    const measures = {
      ...(usage !== undefined && { usage }),
      ...(elapsed !== undefined && { elapsed }),
    };
    if (!result.ok) {
      return this.#send({ type: "failed", call, failure: result.failure, ...measures });
    }
    try {
      this.#send({ type: "returned", call, value: result.value, ...measures });
    } catch (error) {
      const message = `The result cannot be sent: ${messageOf(error)}`;
      const failure = { kind: "trap", message, stack: [] } as const;
      this.#send({ type: "failed", call, failure, ...measures });
    }
  }

  #send(message: FromWorker): void {
    const { wire, transfer } = encode(message);
    this.#port.post(wire, transfer);
  }
}

function refuseToClose(): never {
  throw new Error("A worker ends when the main isolate says so");
}
