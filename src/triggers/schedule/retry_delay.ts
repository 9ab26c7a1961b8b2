import type { OutcomeKind } from "../outcome.ts";
import type { RetryPolicy } from "./tick_policy.ts";

/** What may go better the next time. What was denied will be denied again. */
const RETRIED: ReadonlySet<OutcomeKind> = new Set(["guest-error", "trap", "timeout", "misfire"]);

/**
 * Says how long to wait before a tick is tried again.
 *
 * @param kind How the last attempt ended.
 * @param attempts How many attempts were made.
 * @param retry What the trigger says about it; never again if absent.
 * @returns The pause in ms; `undefined` if it is not to be tried again.
 */
export function retryDelay(
  kind: OutcomeKind,
  attempts: number,
  retry: RetryPolicy | undefined,
): number | undefined {
  if (retry === undefined || attempts >= retry.attempts || !RETRIED.has(kind)) return undefined;
  const growth = retry.backoff === "exponential" ? 2 ** (attempts - 1) : 1;
  return Math.min(retry.initial * growth, retry.max);
}
