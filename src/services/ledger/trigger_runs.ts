/**
 * The runs of one trigger, as the part of the ledger that the trigger itself writes.
 *
 * @module
 */

import type { PassedTicks, Resumption, RunLine, RunResult } from "./run_record.ts";

/**
 * The runs of one trigger. Every method that changes something has it in the database when it
 * returns, so that a process that is killed afterwards loses nothing of it.
 */
export interface TriggerRuns {
  /**
   * Takes over from an earlier host.
   *
   * @param schedule The key of the trigger's schedule.
   * @param now The time, in ms since the Unix epoch.
   * @returns What the earlier host left.
   */
  resume(schedule: string, now: number): Resumption;
  /**
   * Notes that a tick is to be run, and moves the cursor to it. Each nominal time can be scheduled
   * once, for ever.
   *
   * @param scheduled The tick's nominal time, in ms since the Unix epoch.
   * @returns The run's number; `undefined` if the tick was scheduled or passed before.
   */
  schedule(scheduled: number): number | undefined;
  /**
   * Notes that ticks were due and are not run, and moves the cursor past them. What continues the
   * row before, for the same reason, is added to that.
   *
   * @param ticks The ticks; they were not scheduled.
   */
  pass(ticks: PassedTicks): void;
  /**
   * Notes that an attempt of a scheduled run starts now.
   *
   * @param run The run's number.
   * @param now The time, in ms since the Unix epoch.
   */
  start(run: number, now: number): void;
  /**
   * Keeps a line that a guest wrote, unless the run's guests wrote too much already.
   *
   * @param run The run's number.
   * @param line The line.
   */
  write(run: number, line: RunLine): void;
  /**
   * Notes how a run ended; nothing is changed of it any more.
   *
   * @param run The run's number.
   * @param result How it ended.
   * @param now The time, in ms since the Unix epoch.
   */
  finish(run: number, result: RunResult, now: number): void;
  /**
   * Keeps a run that was started by hand, once it has ended.
   *
   * @param run When it started and how it ended.
   * @returns The run's number.
   */
  record(run: ManualRun): number;
}

/** A run that was started by hand. */
export interface ManualRun {
  /** When it started, in ms since the Unix epoch. */
  readonly started: number;
  /** When it ended, in ms since the Unix epoch. */
  readonly finished: number;
  /** How it ended. */
  readonly result: RunResult;
  /** What its guest wrote. */
  readonly lines: readonly RunLine[];
}
