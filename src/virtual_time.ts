/**
 * Time that a program moves by itself: as fast as the machine can, and the same every time.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import TinyQueue from "tinyqueue";
import type { Clock } from "./clock.ts";

/** Options of {@linkcode VirtualTime}. */
export interface VirtualTimeOptions {
  /** The first time, in ms since the Unix epoch. */
  readonly start: number;
  /** What random numbers are made from. Default `gyre`. */
  readonly seed?: string;
}

interface Alarm {
  readonly due: number;
  readonly order: number;
  /** Absent once nobody wants it any more. */
  callback: (() => void) | undefined;
}

interface Arrival {
  readonly order: number;
  readonly resolve: () => void;
}

/** A clock that stands still until {@linkcode VirtualTime.runUntil} moves it from alarm to alarm. */
export class VirtualTime implements Clock {
  /** What random numbers are made from. */
  readonly seed: string;
  readonly #start: number;
  readonly #alarms = new TinyQueue<Alarm>([], (a, b) => a.due - b.due || a.order - b.order);
  readonly #arrived = new TinyQueue<Arrival>([], (a, b) => a.order - b.order);
  #elapsed = 0;
  #order = 0;
  #underWay = 0;
  #isRunning = false;
  #idle = Promise.withResolvers<void>();

  /**
   * Makes a clock that stands still.
   *
   * @param options What it shows first.
   * @throws {RangeError} If that is no time.
   */
  constructor({ start, seed = "gyre" }: VirtualTimeOptions) {
    if (!Number.isFinite(start)) throw new RangeError(`Virtual time cannot start at ${start}`);
    this.#start = start;
    this.seed = seed;
  }

  /** The wall-clock time, in ms since the Unix epoch. */
  now(): number {
    return Math.floor(this.#start + this.#elapsed);
  }

  /** The time since the start, in ms. */
  monotonic(): number {
    return this.#elapsed;
  }

  /**
   * Calls back once time has moved so far. What is due at one moment comes in the order in which it
   * was asked for.
   */
  after(callback: () => void, milliseconds: number): () => void {
    const due = this.#elapsed + Math.max(0, milliseconds);
    const alarm: Alarm = { due, order: ++this.#order, callback };
    this.#alarms.push(alarm);
    return () => {
      alarm.callback = undefined;
    };
  }

  /**
   * Does something that takes real time, while this time stands still. Of several things that are
   * under way at once, the results come in the order in which they were begun. They come only while
   * {@linkcode runUntil} runs.
   *
   * @param work What is to be done.
   * @param options Whether what it returns may come, in any order, also while `runUntil` does not
   * run. Default no.
   * @returns What it returns.
   */
  async during<T>(
    work: () => Promise<T>,
    { alsoAtRest = false }: { readonly alsoAtRest?: boolean } = {},
  ): Promise<T> {
    const order = ++this.#order;
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      const arrival = Promise.withResolvers<void>();
      if (alsoAtRest && !this.#isRunning) arrival.resolve();
      else this.#arrived.push({ order, resolve: arrival.resolve });
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#idle.resolve();
      await arrival.promise;
    }
  }

  /**
   * Moves time from alarm to alarm. Before each move it lets everything happen that follows from the
   * last one.
   *
   * @param end How far to move, in ms since the Unix epoch.
   * @param options Ends it early.
   * @throws {unknown} The signal's reason.
   */
  async runUntil(end: number, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    this.#isRunning = true;
    try {
      for (;;) {
        await this.#settled();
        signal?.throwIfAborted();
        const next = this.#nextAlarm();
        if (next === undefined || this.#start + next.due > end) break;
        this.#alarms.pop();
        this.#elapsed = Math.max(this.#elapsed, next.due);
        next.callback?.();
      }
      this.#elapsed = Math.max(this.#elapsed, end - this.#start);
    } finally {
      this.#isRunning = false;
    }
  }

  async #settled(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#underWay > 0) {
        this.#idle = Promise.withResolvers();
        await this.#idle.promise;
        continue;
      }
      const next = this.#arrived.pop();
      if (next === undefined) return;
      next.resolve();
    }
  }

  #nextAlarm(): Alarm | undefined {
    for (;;) {
      const next = this.#alarms.peek();
      if (next === undefined || next.callback !== undefined) return next;
      this.#alarms.pop();
    }
  }
}
