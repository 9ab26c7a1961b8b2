/**
 * What the ledger keeps of a run.
 *
 * @module
 */

/**
 * How a run ended, in one word. Those of events:
 * `ok`, `guest-error`, `trap`, `timeout`, `denied`, `cancelled`, `misfire`; and those of ticks that
 * no guest saw to the end:
 *
 * - `missed`: was due while the host was down, asleep or late, and its policy does not run it.
 * - `skipped`: was due while an earlier one ran, and its policy does not run it then.
 * - `interrupted`: the host ended in the middle of it.
 */
export const RUN_OUTCOMES = [
  "ok",
  "guest-error",
  "trap",
  "timeout",
  "denied",
  "cancelled",
  "misfire",
  "missed",
  "skipped",
  "interrupted",
] as const;

/** How a run ended; see {@linkcode RUN_OUTCOMES}. */
export type RunOutcome = typeof RUN_OUTCOMES[number];

/** How far a run is. */
export type RunState = "scheduled" | "running" | "finished";

/** One run, or a row of ticks that were not run for one reason. */
export interface RunRecord {
  /** Its number, unique within the ledger, growing. */
  readonly id: number;
  /** The id of the trigger. */
  readonly trigger: string;
  /** The id of the component. */
  readonly component: string;
  /** The tick's nominal time, in ms since the Unix epoch; of a row of ticks, that of the first. */
  readonly scheduled: number;
  /** The nominal time of the last tick of a row; `scheduled` of a single run. */
  readonly scheduledLast: number;
  /** How many ticks the record stands for; 1 of a run. `undefined` if nobody counted them. */
  readonly count: number | undefined;
  /** Whether it was started by hand, and no tick is behind it. */
  readonly manual: boolean;
  /** How far it is. */
  readonly state: RunState;
  /** How many times a guest was started for it. */
  readonly attempts: number;
  /** When its first attempt started, in ms since the Unix epoch; absent if none did. */
  readonly started?: number;
  /** When it was finished, in ms since the Unix epoch; absent if it is not. */
  readonly finished?: number;
  /** How it ended; absent if it has not. */
  readonly outcome?: RunOutcome;
  /** What went wrong, or why it was not run; absent for `ok`. */
  readonly message?: string;
  /** How long its last attempt took, in ms. */
  readonly duration?: number;
  /** The fuel that its last attempt spent; see `CallUsage`. */
  readonly fuel?: number;
  /** The CPU time of its last attempt, in ms, estimated from fuel. */
  readonly cpu?: number;
  /** How many bytes its guests wrote to stdout and stderr. */
  readonly outputSize: number;
}

/** How a run ended. */
export interface RunResult {
  /** In one word. */
  readonly outcome: RunOutcome;
  /** What went wrong, or why it was not run. */
  readonly message?: string;
  /** How long the last attempt took, in ms. */
  readonly duration?: number;
  /** The fuel that the last attempt spent. */
  readonly fuel?: number;
  /** The CPU time of the last attempt, in ms, estimated from fuel. */
  readonly cpu?: number;
  /** How many bytes the guest wrote to stdout and stderr, over all attempts. */
  readonly outputSize?: number;
}

/** A line that a guest wrote during a run. */
export interface RunLine {
  /** The attempt, from 1. */
  readonly attempt: number;
  /** The stream it was written to. */
  readonly stream: "stdout" | "stderr";
  /** The text, without its line break. */
  readonly line: string;
}

/** Ticks that are not run, for one reason. */
export interface PassedTicks {
  /** The nominal time of the first, in ms since the Unix epoch. */
  readonly first: number;
  /** The nominal time of the last, in ms since the Unix epoch. */
  readonly last: number;
  /** How many; `undefined` if they were too many to count. */
  readonly count: number | undefined;
  /** Why, in one word. */
  readonly outcome: "missed" | "skipped";
  /** Why, as one sentence without a full stop. */
  readonly message: string;
}

/** What an earlier host left of a trigger. */
export interface Resumption {
  /**
   * The nominal time up to which every tick was scheduled or passed, in ms since the Unix epoch. The
   * time of the resumption if the trigger is new, or its schedule another one.
   */
  readonly cursor: number;
  /** The ticks that were scheduled and not finished, in the order of their times. */
  readonly unfinished: readonly UnfinishedRun[];
  /** How many ticks were started so far, for a bound on them. */
  readonly runs: number;
}

/** A tick that was scheduled and not finished. */
export interface UnfinishedRun {
  /** Its number in the ledger. */
  readonly id: number;
  /** Its nominal time, in ms since the Unix epoch. */
  readonly scheduled: number;
  /** How many times a guest was started for it. */
  readonly attempts: number;
}
