/**
 * The worker's side: the first code that runs in a locked worker. It only translates messages; the
 * guests run in a {@linkcode Runner}.
 *
 * @module
 */

import { CancelledError } from "../guest/failure.ts";
import { loadProgram } from "../guest/program.ts";
import { type CallResult, Runner } from "../guest/runner.ts";
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

/** The scope of a worker; the types that Deno checks with by default are those of a window. */
declare const self: {
  onmessage: (event: MessageEvent<unknown>) => void;
  postMessage(message: WireMessage, transfer: ArrayBuffer[]): void;
};

type StartMessage = Extract<ToWorker, { type: "start" }>;

const cancellations = new Map<number, AbortController>();
let runner: Runner | undefined;

// jco's generated code would read an environment variable on every step that it traces.
Reflect.deleteProperty(globalThis, "process");
Error.stackTraceLimit = STACK_FRAMES;
// Deno tells nobody that a worker closed itself, and whoever waits for it would wait for ever.
for (const [owner, name] of [[globalThis, "close"], [Deno, "exit"]] as const) {
  Object.defineProperty(owner, name, { value: refuseToClose });
}
self.onmessage = (event) => receive(decodeToWorker(event.data));

function refuseToClose(): never {
  throw new Error("A worker ends when the main isolate says so");
}

function receive(message: ToWorker): void {
  switch (message.type) {
    case "start":
      start(message).then(
        () => send({ type: "ready" }),
        (error) => send({ type: "refused", message: String(error) }),
      );
      break;
    case "instantiate":
      answer(
        message.call,
        (guests, signal) => guests.instantiate(message.instance, signal),
      );
      break;
    case "call": {
      const { instance, args } = message;
      answer(
        message.call,
        (guests, signal) =>
          instance === undefined
            ? guests.callFresh(message.export, { args, signal })
            : guests.call(instance, message.export, { args, signal }),
      );
      break;
    }
    case "cancel":
      cancellations.get(message.call)?.abort(
        new CancelledError("The event was cancelled"),
      );
      break;
    case "dispose":
      runner?.dispose(message.instance);
      break;
    default:
      message satisfies never;
  }
}

async function start(message: StartMessage): Promise<void> {
  if (message.version !== PROTOCOL_VERSION) {
    throw new TypeError(
      `Protocol ${message.version} is not ${PROTOCOL_VERSION}`,
    );
  }
  const window = new OutputWindow(message.window);
  runner = new Runner(await loadProgram(message.source, message.modules), {
    imports: message.imports,
    grant: message.grant,
    onOutput: (output) => {
      window.enter(output.line);
      send({ type: "output", ...output });
    },
    onDenied: (denial) => send({ type: "denied", denial }),
  });
}

function answer(
  call: number,
  run: (guests: Runner, signal: AbortSignal) => Promise<CallResult>,
): void {
  if (runner === undefined) throw new TypeError("Called before the start");
  const cancellation = new AbortController();
  cancellations.set(call, cancellation);
  run(runner, cancellation.signal).then((result) => {
    cancellations.delete(call);
    if (result.ok) sendValue(call, result.value);
    else send({ type: "failed", call, failure: result.failure });
  });
}

function sendValue(call: number, value: unknown): void {
  try {
    send({ type: "returned", call, value });
  } catch (error) {
    const message = `The result cannot be sent: ${error}`;
    send({ type: "failed", call, failure: { kind: "trap", message, stack: [] } });
  }
}

function send(message: FromWorker): void {
  const { wire, transfer } = encode(message);
  self.postMessage(wire, transfer);
}
