/**
 * What becomes of ticks that do not simply run when they are due.
 *
 * @module
 */

/** What becomes of a tick that is due while an earlier one of its trigger runs. */
export type OverlapPolicy =
  /** It is not run. */
  | "skip"
  /** It waits until those before it have ended. */
  | "queue"
  /** The earlier one is cancelled, and it runs once that has ended. */
  | "replace"
  /** Both run. */
  | "allow";

/** What becomes of ticks that were due while the host was down, asleep or late. */
export type MissedPolicy =
  /** They are not run. */
  | "skip"
  /** The latest of them is run. */
  | "once"
  /** Each of them is run, the oldest first. */
  | "all";

/** How often a failed tick is tried again, and when. */
export interface RetryPolicy {
  /** How many times it is started at most, the first one included; at least 1. */
  readonly attempts: number;
  /** How the pauses grow: not at all, or to twice the one before. */
  readonly backoff: "fixed" | "exponential";
  /** The first pause, in ms. */
  readonly initial: number;
  /** The longest pause, in ms. */
  readonly max: number;
}

/** How the ticks of one trigger are run. */
export interface TickPolicy {
  /** What becomes of a tick that is due while an earlier one runs. */
  readonly overlap: OverlapPolicy;
  /** What becomes of ticks that nobody saw in time. */
  readonly missed: MissedPolicy;
  /** How old (ms) a missed tick may be to be run at all. */
  readonly catchUpWindow: number;
  /** The longest time (ms) by which a tick is put off, at random; 0 for none. */
  readonly jitter: number;
  /** How long (ms) one attempt may take; as the component's limits say if absent. */
  readonly timeout?: number;
  /** How often a failed tick is tried again; never if absent. */
  readonly retry?: RetryPolicy;
  /** No tick is due before, in ms since the Unix epoch. */
  readonly from?: number;
  /** No tick is due then or later, in ms since the Unix epoch. */
  readonly until?: number;
  /** How many ticks are run in all; without end if absent. */
  readonly maxRuns?: number;
  /** What the guest gets in place of the nominal time. */
  readonly input?: string;
}
