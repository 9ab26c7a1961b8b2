/**
 * The only vocabulary between the main isolate and a worker. A message is one JSON string, followed
 * by the buffers that it speaks of, which are transferred: that is faster in Deno than a structured
 * clone, and it is the same for every kind of isolate.
 *
 * @module
 */

import { FAILURE_KINDS, type GuestFailure } from "../guest/failure.ts";
import type { OutputStreamName } from "../guest/output.ts";
import type { CallResult, GuestGrant } from "../guest/runner.ts";
import type { Simulation } from "../guest/simulation.ts";
import type { CallUsage } from "../guest/usage.ts";
import type { Denial } from "../policy/denial.ts";
import { pack, unpack } from "./values.ts";

/** Raised by one with every change of the messages; both ends must have the same. */
export const PROTOCOL_VERSION = 3;

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
    /** Whether stdout and stderr are wanted as bytes, and stdin may be asked for. */
    readonly stdio: boolean;
    /** The memory of the {@linkcode OutputWindow} that the worker is to keep to. */
    readonly window: SharedArrayBuffer;
    /** The memory of the {@linkcode CallControl} that the worker is to look at. */
    readonly control: SharedArrayBuffer;
  }
  /** Make an instance. Answered with `returned` or `failed`. */
  | {
    readonly type: "instantiate";
    readonly call: number;
    readonly instance: number;
    /** How long it may take, in ms. */
    readonly timeout?: number;
  }
  /** Call an export; of a fresh instance where none is named. Answered likewise. */
  | {
    readonly type: "call";
    readonly call: number;
    readonly instance?: number;
    readonly export: string;
    readonly args: readonly unknown[];
    /** Environment variables of a fresh instance, over those of the grant. */
    readonly environment?: Readonly<Record<string, string>>;
    /** The time and chance of a fresh instance. */
    readonly simulation?: Simulation;
    /** How long it may take, in ms. */
    readonly timeout?: number;
  }
  /** End a call that was not answered yet. */
  | { readonly type: "cancel"; readonly call: number }
  /** Drop an instance. */
  | { readonly type: "dispose"; readonly instance: number }
  /** Answers a `read`; without a chunk at the end. */
  | { readonly type: "stdin"; readonly read: number; readonly chunk?: Uint8Array }
  /** Answered with `pong`, by a thread that is not busy. */
  | { readonly type: "ping" };

/** What a worker says to the main isolate. */
export type FromWorker =
  /** The component is loaded. */
  | { readonly type: "ready" }
  /** The component cannot be loaded. */
  | { readonly type: "refused"; readonly message: string }
  /** A call ended well. */
  | { readonly type: "returned"; readonly call: number; readonly value: unknown } & Measures
  /** A call ended badly. */
  | { readonly type: "failed"; readonly call: number; readonly failure: GuestFailure } & Measures
  /** A guest wrote a line, in this call if it lives as long as that. */
  | {
    readonly type: "output";
    readonly call?: number;
    readonly stream: OutputStreamName;
    readonly line: string;
  }
  /** A guest wrote bytes. */
  | { readonly type: "bytes"; readonly stream: OutputStreamName; readonly bytes: Uint8Array }
  /** A guest reads its stdin. Answered with `stdin`. */
  | { readonly type: "read"; readonly read: number; readonly limit: number }
  /** Answers a `ping`. */
  | { readonly type: "pong" }
  /** A guest was refused something. */
  | { readonly type: "denied"; readonly denial: Denial };

/** What a call took. */
type Measures = Pick<CallResult, "usage" | "elapsed">;

/** A message on its way: the text, then the buffers. */
export type WireMessage = readonly [text: string, ...buffers: (ArrayBuffer | SharedArrayBuffer)[]];

/** A message, and which of its parts are to be transferred. */
export interface Encoded {
  /** What to post. */
  readonly wire: WireMessage;
  /** What to transfer with it. */
  readonly transfer: ArrayBuffer[];
}

/**
 * Writes a message. Nothing of it is taken away from the caller: buffers are copied.
 *
 * @param message The message.
 * @returns What to post, and what to transfer with it.
 * @throws {TypeError} If an argument or a result is nothing that WIT has.
 * @throws {RangeError} If it is nested too deeply, or circular.
 */
export function encode(message: ToWorker | FromWorker): Encoded {
  const transfer: ArrayBuffer[] = [];
  const text = JSON.stringify(packParts(message, transfer));
  // Memory that is shared is sent, and not transferred. It comes last.
  const shared = message.type === "start" ? [message.window, message.control] : [];
  return { wire: [text, ...transfer, ...shared], transfer };
}

function packParts(message: ToWorker | FromWorker, buffers: ArrayBuffer[]): unknown {
  switch (message.type) {
    case "start":
      return {
        ...message,
        modules: pack(message.modules, buffers),
        window: undefined,
        control: undefined,
      };
    case "stdin":
      return { ...message, chunk: pack(message.chunk, buffers) };
    case "bytes":
      return { ...message, bytes: pack(message.bytes, buffers) };
    case "call":
      return { ...message, args: pack(message.args, buffers) };
    case "returned":
      return { ...message, value: pack(message.value, buffers) };
    default:
      return message;
  }
}

/**
 * Reads a message from the main isolate.
 *
 * @param data What was posted.
 * @returns The message.
 * @throws {TypeError} If it is none.
 */
export function decodeToWorker(data: unknown): ToWorker {
  const { type, fields, buffers } = read(data);
  const { call, instance } = fields;
  const limit = isNumber(fields.timeout) ? { timeout: fields.timeout } : {};
  switch (type) {
    case "start": {
      const modules = unpack(fields.modules, buffers);
      const { version, source, imports, grant, stdio } = fields;
      const [window, control] = buffers.slice(-2);
      if (
        window instanceof SharedArrayBuffer && control instanceof SharedArrayBuffer &&
        isNumber(version) && isString(source) && typeof stdio === "boolean" &&
        isList(imports, isString) && isGrant(grant) &&
        isList(modules, isModule)
      ) return { type, version, source, imports, grant, modules, stdio, window, control };
      break;
    }
    case "instantiate":
      if (isNumber(call) && isNumber(instance)) return { type, call, instance, ...limit };
      break;
    case "call": {
      const args = unpack(fields.args, buffers);
      if (!isNumber(call) || !isString(fields.export) || !Array.isArray(args)) break;
      if (isNumber(instance)) {
        return { type, call, instance, export: fields.export, args, ...limit };
      }
      const { environment, simulation } = fields;
      if (instance !== undefined) break;
      if (environment !== undefined && !isTextRecord(environment)) break;
      if (simulation !== undefined && !isSimulation(simulation)) break;
      return {
        type,
        call,
        export: fields.export,
        args,
        ...limit,
        ...(environment !== undefined && { environment }),
        ...(simulation !== undefined && { simulation }),
      };
    }
    case "cancel":
      if (isNumber(call)) return { type, call };
      break;
    case "dispose":
      if (isNumber(instance)) return { type, instance };
      break;
    case "stdin": {
      const chunk = unpack(fields.chunk, buffers);
      if (!isNumber(fields.read)) break;
      if (chunk === undefined) return { type, read: fields.read };
      if (chunk instanceof Uint8Array) return { type, read: fields.read, chunk };
      break;
    }
    case "ping":
      return { type };
  }
  throw new TypeError(`Not a message to a worker: "${type}"`);
}

/**
 * Reads a message from a worker.
 *
 * @param data What was posted.
 * @returns The message.
 * @throws {TypeError} If it is none.
 */
export function decodeFromWorker(data: unknown): FromWorker {
  const { type, fields, buffers } = read(data);
  const { call, failure, message, stream, line } = fields;
  switch (type) {
    case "ready":
      return { type };
    case "refused":
      if (isString(message)) return { type, message };
      break;
    case "returned":
      if (isNumber(call)) {
        return { type, call, value: unpack(fields.value, buffers), ...measures(fields) };
      }
      break;
    case "failed":
      if (isNumber(call) && isFailure(failure)) {
        return { type, call, failure, ...measures(fields) };
      }
      break;
    case "output":
      if ((stream === "stdout" || stream === "stderr") && isString(line)) {
        return { type, ...(isNumber(call) && { call }), stream, line };
      }
      break;
    case "bytes": {
      const bytes = unpack(fields.bytes, buffers);
      if ((stream === "stdout" || stream === "stderr") && bytes instanceof Uint8Array) {
        return { type, stream, bytes };
      }
      break;
    }
    case "read": {
      const { read, limit } = fields;
      if (isNumber(read) && isNumber(limit)) return { type, read, limit };
      break;
    }
    case "pong":
      return { type };
    case "denied":
      if (isDenial(fields.denial)) return { type, denial: fields.denial };
      break;
  }
  throw new TypeError(`Not a message from a worker: "${type}"`);
}

interface RawMessage {
  readonly type: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly buffers: readonly unknown[];
}

function read(data: unknown): RawMessage {
  const [text, ...buffers]: readonly unknown[] = Array.isArray(data) ? data : [];
  const fields = isString(text) ? parse(text) : undefined;
  if (!isRecord(fields)) throw new TypeError("Not a message");
  return { type: fields.type, fields, buffers };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError("Not a message", { cause });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isModule(value: unknown): value is readonly [string, Uint8Array<ArrayBuffer>] {
  return Array.isArray(value) && isString(value[0]) && value[1] instanceof Uint8Array;
}

function measures({ usage, elapsed }: RawMessage["fields"]): Measures {
  return { ...(isUsage(usage) && { usage }), ...(isNumber(elapsed) && { elapsed }) };
}

function isUsage(value: unknown): value is CallUsage {
  return isRecord(value) && isNumber(value.fuel) && isNumber(value.cpu) && isNumber(value.output);
}

function isSimulation(value: unknown): value is Simulation {
  return isRecord(value) && isNumber(value.wall) && isNumber(value.monotonic) &&
    isString(value.seed);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every(isString);
}

function isGrant(value: unknown): value is GuestGrant {
  return isRecord(value) && isTextRecord(value.environment) && isList(value.arguments, isString) &&
    isList(value.mounts, isMount) && isList(value.allowedHosts, isString) &&
    isList(value.allowedInbound, isString) && isNumber(value.memory);
}

function isMount(value: unknown): value is GuestGrant["mounts"][number] {
  return isRecord(value) && isString(value.hostPath) && isString(value.guestPath) &&
    typeof value.writable === "boolean";
}

function isDenial(value: unknown): value is Denial {
  return isRecord(value) && isString(value.target) && isString(value.grant) &&
    (value.reason === undefined || isString(value.reason));
}

function isFailure(value: unknown): value is GuestFailure {
  return isRecord(value) && isString(value.message) && isList(value.stack, isString) &&
    FAILURE_KINDS.some((kind) => kind === value.kind) &&
    (value.exitCode === undefined || isNumber(value.exitCode));
}
