/**
 * How an event ended.
 *
 * @module
 */

import type { CallUsage } from "../guest/usage.ts";

/**
 * How an event ended, in one word:
 *
 * - `ok`: the guest returned.
 * - `guest-error`: the guest returned the error of a `result`, or exited.
 * - `trap`: the guest did what WebAssembly forbids, or a host call or its worker failed.
 * - `timeout`: the guest did not return in time.
 * - `denied`: the guest gave up because it was not allowed something.
 * - `cancelled`: the host ended the event.
 * - `misfire`: the event was due and not run.
 */
export type OutcomeKind =
  | "ok"
  | "guest-error"
  | "trap"
  | "timeout"
  | "denied"
  | "cancelled"
  | "misfire";

/** How one event ended. */
export interface Outcome {
  /** In one word. */
  readonly kind: OutcomeKind;
  /** The component that was called. */
  readonly component: string;
  /** The id of the trigger that the event came from. */
  readonly trigger: string;
  /** The event's identity within its trigger; for a timer, the tick's scheduled time. */
  readonly event: string;
  /** How long the event took, in ms. */
  readonly duration: number;
  /** What the guest used; absent if nobody could say. */
  readonly usage?: CallUsage;
  /** What the guest returned, if it did and returned something. */
  readonly value?: unknown;
  /** What went wrong; absent exactly for `ok`. */
  readonly error?: OutcomeError;
}

/** What went wrong in an event. */
export interface OutcomeError {
  /** As one sentence without a full stop. */
  readonly message: string;
  /** The exit code, if the guest exited. */
  readonly exitCode?: number;
  /** The guest's frames, innermost first, by name where its name section has one. */
  readonly stack: readonly string[];
}
