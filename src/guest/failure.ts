/**
 * How a call into a guest can end badly, as plain data that crosses isolates.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { GuestExit } from "../host/guest_exit.ts";

/** How a call ended that did not return. */
export interface GuestFailure {
  /**
   * - `guest-error`: the guest returned the error of a `result`, or exited.
   * - `trap`: the guest did what WebAssembly forbids, ran out of stack, or a host call failed.
   * - `timeout`: the guest did not return in time.
   * - `denied`: the guest gave up after it was refused something.
   * - `cancelled`: the host ended the event.
   * - `misfire`: the guest was not called, because too much was to be done already.
   */
  readonly kind: "guest-error" | "trap" | "timeout" | "denied" | "cancelled" | "misfire";
  /** What happened, as one sentence without a full stop. */
  readonly message: string;
  /** The exit code, if the guest exited. */
  readonly exitCode?: number;
  /** The guest's frames, innermost first, by name where the name section has one. */
  readonly stack: readonly string[];
}

/** Every {@linkcode GuestFailure.kind}. */
export const FAILURE_KINDS: readonly GuestFailure["kind"][] = [
  "guest-error",
  "trap",
  "timeout",
  "denied",
  "cancelled",
  "misfire",
];

/** The reason with which a call's signal is aborted when the host ends the event. */
export class CancelledError extends Error {
  /** The name of the class. */
  override readonly name = "CancelledError";
}

/**
 * The failure of a call that was ended through its signal.
 *
 * @param signal The signal, aborted.
 * @returns The failure, with the signal's reason.
 */
export function cancelled(signal: AbortSignal): GuestFailure {
  return { kind: "cancelled", message: messageOf(signal.reason), stack: [] };
}

const WASM_FRAME_REGEXP =
  /^\s*at (?:async )?(?:(.+?) \()?wasm:\/\/wasm\/[^:]*:(wasm-function\[\d+\]:0x[0-9a-f]+)\)?$/;

/**
 * Tells what a call into a guest ended with.
 *
 * @param error What the call threw.
 * @returns The failure.
 */
export function classify(error: unknown): GuestFailure {
  const stack = guestFrames(error);
  if (error instanceof CancelledError) {
    return { kind: "cancelled", message: error.message, stack };
  }
  if (error instanceof GuestExit) {
    const message = `The guest exited with code ${error.exitCode} instead of returning`;
    return { kind: "guest-error", message, exitCode: error.exitCode, stack };
  }
  if (isComponentError(error)) {
    return { kind: "guest-error", message: describe(error.payload), stack: [] };
  }
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return { kind: "trap", message: "The guest ran out of stack", stack };
  }
  if (error instanceof Error && isTrap(error)) {
    return { kind: "trap", message: error.message, stack };
  }
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : textOf(error);
  return { kind: "trap", message: `A host call failed: ${cause}`, stack };
}

/** jco's generated modules each define a class of this name for the error of a `result`. */
function isComponentError(
  error: unknown,
): error is Error & { readonly payload: unknown } {
  return error instanceof Error &&
    error.constructor.name === "ComponentError" &&
    "payload" in error;
}

/** jco's generated modules each define a trap class of their own beside the platform's. */
function isTrap(error: Error): boolean {
  return error instanceof WebAssembly.RuntimeError ||
    error.constructor.name === "WebAssemblyRuntimeError";
}

function guestFrames(error: unknown): readonly string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  return error.stack.split("\n").flatMap((line) => {
    const match = WASM_FRAME_REGEXP.exec(line);
    if (match === null) return [];
    const [, name, place] = match;
    return [name === undefined ? `${place}` : `${name} (${place})`];
  });
}

function describe(payload: unknown): string {
  if (payload === undefined) return "The guest returned an error without a value";
  return textOf(payload);
}

/** Writes any value; what JSON cannot hold is written as JavaScript does. */
function textOf(value: unknown): string {
  if (value === undefined) return "no reason was given";
  if (typeof value === "string") return value;
  try {
    const text: string | undefined = JSON.stringify(
      value,
      (_key, item) => typeof item === "bigint" ? item.toString() : item,
    );
    return text ?? String(value);
  } catch {
    return Object.prototype.toString.call(value); // it is circular
  }
}
