/**
 * The only vocabulary between the main isolate and a worker. A message is one JSON string, followed
 * by the buffers that it speaks of, which are transferred: that is faster in Deno than a structured
 * clone, and it is the same for every kind of isolate.
 *
 * @module
 */

import type { GuestFailure } from "../guest/failure.ts";
import type { GuestGrant, OutputStreamName } from "../guest/runner.ts";

/** Raised by one with every change of the messages; both ends must have the same. */
export const PROTOCOL_VERSION = 1;

/** What the main isolate says to a worker. */
export type ToWorker =
  /** The first message: what to run. Answered with `ready` or `refused`. */
  | {
    readonly type: "start";
    readonly version: number;
    readonly source: string;
    readonly modules: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[];
    readonly imports: readonly string[];
    readonly grant: GuestGrant;
  }
  /** Make an instance. Answered with `returned` or `failed`. */
  | {
    readonly type: "instantiate";
    readonly call: number;
    readonly instance: number;
  }
  /** Call an export; of a fresh instance where none is named. Answered likewise. */
  | {
    readonly type: "call";
    readonly call: number;
    readonly instance?: number;
    readonly export: string;
    readonly args: readonly unknown[];
  }
  /** End a call that was not answered yet. */
  | { readonly type: "cancel"; readonly call: number }
  /** Drop an instance. */
  | { readonly type: "dispose"; readonly instance: number };

/** What a worker says to the main isolate. */
export type FromWorker =
  /** The component is loaded. */
  | { readonly type: "ready" }
  /** The component cannot be loaded. */
  | { readonly type: "refused"; readonly message: string }
  /** A call ended well. */
  | {
    readonly type: "returned";
    readonly call: number;
    readonly value: unknown;
  }
  /** A call ended badly. */
  | {
    readonly type: "failed";
    readonly call: number;
    readonly failure: GuestFailure;
  }
  /** A guest wrote a line. */
  | {
    readonly type: "output";
    readonly stream: OutputStreamName;
    readonly line: string;
  };

/** A message on its way: the text, then the buffers. */
export type WireMessage = readonly [text: string, ...buffers: ArrayBuffer[]];

const TO_WORKER_TYPES: ReadonlySet<string> = new Set<ToWorker["type"]>(
  ["start", "instantiate", "call", "cancel", "dispose"],
);
const FROM_WORKER_TYPES: ReadonlySet<string> = new Set<FromWorker["type"]>(
  ["ready", "refused", "returned", "failed", "output"],
);

/**
 * Writes a message.
 *
 * @param message The message. Its `Uint8Array`s must own their whole buffer: they are transferred.
 * @returns What to post, and what to transfer with it.
 */
export function encode(
  message: ToWorker | FromWorker,
): { readonly wire: WireMessage; readonly transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = [];
  const text = JSON.stringify(
    message,
    function (this: unknown, _key, value: unknown) {
      if (typeof value === "bigint") return { $bigint: value.toString() };
      // JSON drops an undefined property, which reads back the same, but makes an element null.
      if (value === undefined && Array.isArray(this)) {
        return {
          $undefined: true,
        };
      }
      if (value instanceof Uint8Array) {
        const whole = value.byteLength === value.buffer.byteLength ? value : value.slice();
        return { $bytes: transfer.push(whole.buffer as ArrayBuffer) - 1 };
      }
      return value;
    },
  );
  return { wire: [text, ...transfer], transfer };
}

/**
 * Reads a message from the main isolate.
 *
 * @param data What was posted.
 * @returns The message.
 * @throws {TypeError} If it is none.
 */
export function decodeToWorker(data: unknown): ToWorker {
  return decode(data, TO_WORKER_TYPES) as ToWorker;
}

/**
 * Reads a message from a worker.
 *
 * @param data What was posted.
 * @returns The message.
 * @throws {TypeError} If it is none.
 */
export function decodeFromWorker(data: unknown): FromWorker {
  return decode(data, FROM_WORKER_TYPES) as FromWorker;
}

function decode(data: unknown, types: ReadonlySet<string>): unknown {
  if (!Array.isArray(data) || typeof data[0] !== "string") {
    throw new TypeError("Not a message");
  }
  const [text, ...buffers]: [string, ...ArrayBuffer[]] = data as [
    string,
    ...ArrayBuffer[],
  ];
  const message: { type?: unknown } = JSON.parse(
    text,
    (_key, value: unknown) => {
      if (typeof value !== "object" || value === null) return value;
      if ("$bigint" in value) return BigInt(String(value.$bigint));
      if ("$bytes" in value) {
        return new Uint8Array(
          buffers[Number(value.$bytes)] ?? new ArrayBuffer(0),
        );
      }
      return value;
    },
  );
  if (text.includes('"$undefined"')) restoreUndefined(message);
  if (typeof message.type !== "string" || !types.has(message.type)) {
    throw new TypeError(`Unknown message "${message.type}"`);
  }
  return message;
}

/** A JSON reviver that returns `undefined` leaves a hole, hence this second walk. */
function restoreUndefined(value: unknown): void {
  if (
    typeof value !== "object" || value === null || ArrayBuffer.isView(value)
  ) return;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === "object" && item !== null && "$undefined" in item) {
      (value as Record<string, unknown>)[key] = undefined;
    } else restoreUndefined(item);
  }
}
