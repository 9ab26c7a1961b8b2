/**
 * Wakes many sleepers, each at its own moment, with one timer. It sleeps until an absolute moment and
 * never for a while after "now", so that nothing drifts.
 *
 * @module
 */

import TinyQueue from "tinyqueue";
import { type Clock, CLOCK_CORRECTION, delay } from "../../clock.ts";

/** Longest single sleep (ms): a longer one could sleep through a suspended machine's waking up. */
const LONGEST_SLEEP = 30_000;

/** How many are woken in one batch, so that the first of thousands need not wait for the last. */
const MOST_AT_ONCE = 64;

/** Something that is to happen again and again. */
export interface Sleeper {
  /**
   * Does what is due. Called within a batch.
   *
   * @param now The time, in ms since the Unix epoch.
   * @returns What is to be done after the batch.
   */
  wake(now: number): readonly (() => void)[];
  /** When it is to be woken next, in ms since the Unix epoch; `undefined` if never again. */
  readonly due: number | undefined;
  /**
   * Looks anew at when it is due, because the clock was set back.
   *
   * @param now The time, in ms since the Unix epoch.
   */
  reschedule(now: number): void;
}

/** What a {@linkcode Scheduler} works with. */
export interface SchedulerOptions {
  /** What it sleeps on. */
  readonly clock: Clock;
  /** Gives the time that the sleepers' moments are in, in ms since the Unix epoch. */
  readonly now: () => number;
  /** Does many writes at once. */
  readonly batch: <T>(work: () => T) => T;
  /** Ends it. */
  readonly signal: AbortSignal;
}

interface Alarm {
  readonly due: number;
  readonly order: number;
  readonly sleeper: Sleeper;
}

/** Wakes sleepers in the order of their moments. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #alarms: TinyQueue<Alarm>;

  /**
   * Makes a scheduler.
   *
   * @param sleepers What is to be woken; of those with one moment, the first comes first.
   * @param options What it works with.
   */
  constructor(sleepers: readonly Sleeper[], options: SchedulerOptions) {
    this.#options = options;
    this.#alarms = queueOf(sleepers.flatMap((sleeper, order) => alarmOf(sleeper, order)));
  }

  /**
   * Wakes the sleepers.
   *
   * @returns A promise that settles when none has anything to do any more, or the signal fired.
   */
  async run(): Promise<void> {
    const { clock, now, batch, signal } = this.#options;
    let before = now();
    for (;;) {
      const next = this.#alarms.peek();
      if (next === undefined || signal.aborted) return;
      const left = next.due - now();
      if (left > 0 && !await delay(clock, Math.min(left, LONGEST_SLEEP), signal)) return;
      const time = now();
      if (time < before - CLOCK_CORRECTION) this.#rescheduleAll(time);
      before = time;
      const work = batch(() => this.#wakeAll(time));
      for (const start of work) start();
    }
  }

  #wakeAll(now: number): readonly (() => void)[] {
    const work: (() => void)[] = [];
    for (let woken = 0; woken < MOST_AT_ONCE; woken++) {
      const next = this.#alarms.peek();
      if (next === undefined || next.due > now) break;
      this.#alarms.pop();
      work.push(...next.sleeper.wake(now));
      for (const alarm of alarmOf(next.sleeper, next.order)) this.#alarms.push(alarm);
    }
    return work;
  }

  #rescheduleAll(now: number): void {
    const alarms: Alarm[] = [];
    for (let alarm = this.#alarms.pop(); alarm !== undefined; alarm = this.#alarms.pop()) {
      alarm.sleeper.reschedule(now);
      alarms.push(...alarmOf(alarm.sleeper, alarm.order));
    }
    this.#alarms = queueOf(alarms);
  }
}

function queueOf(alarms: Alarm[]): TinyQueue<Alarm> {
  return new TinyQueue(alarms, (a, b) => a.due - b.due || a.order - b.order);
}

function alarmOf(sleeper: Sleeper, order: number): Alarm[] {
  return sleeper.due === undefined ? [] : [{ due: sleeper.due, order, sleeper }];
}
