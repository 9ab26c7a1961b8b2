/**
 * What a guest takes for time and chance when its event is simulated.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../clock.ts";

/** The beginning of a simulated event. */
export interface Simulation {
  /** The wall-clock time that the guest sees, in ms since the Unix epoch. */
  readonly wall: number;
  /** The monotonic time that the guest sees, in ms. */
  readonly monotonic: number;
  /** What its random numbers are made from. */
  readonly seed: string;
}

/** What a reading of the clock takes, in ms: so that who waits in a loop for a time does not for ever. */
const READING = 0.001;

interface Alarm {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * The clock of a simulated event: it stands still while the guest computes, and jumps when the guest
 * waits.
 */
export class SimulatedClock implements Clock {
  /** How far it may go, in ms. */
  readonly longest: number;
  readonly #begin: Simulation;
  readonly #onOver: () => void;
  readonly #alarms = new Set<Alarm>();
  #elapsed = 0;
  #isJumping = false;
  #isOver = false;

  /**
   * Makes a clock.
   *
   * @param begin What it shows first.
   * @param limit How far (ms) it may go, and who is told, once, when it would go further.
   */
  constructor(
    begin: Simulation,
    { longest, onOver }: { readonly longest: number; readonly onOver: () => void },
  ) {
    this.#begin = begin;
    this.longest = longest;
    this.#onOver = onOver;
  }

  /** How far it has gone, in ms. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** The wall-clock time. */
  now(): number {
    this.#moveTo(this.#elapsed + READING);
    return Math.floor(this.#begin.wall + this.#elapsed);
  }

  /** The monotonic time. */
  monotonic(): number {
    this.#moveTo(this.#elapsed + READING);
    return this.#begin.monotonic + this.#elapsed;
  }

  /** Calls back once it has jumped so far. Of several waits, it jumps to the end of the shortest. */
  after(callback: () => void, milliseconds: number): () => void {
    const alarm = { due: this.#elapsed + Math.max(0, milliseconds), callback };
    this.#alarms.add(alarm);
    this.#jumpSoon();
    return () => this.#alarms.delete(alarm);
  }

  /** What else the guest waits for may come without any time passing, and is then first. */
  #jumpSoon(): void {
    if (this.#isJumping) return;
    this.#isJumping = true;
    setImmediate(() => {
      this.#isJumping = false;
      this.#jump();
    });
  }

  #jump(): void {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) if (next === undefined || alarm.due < next.due) next = alarm;
    if (next === undefined) return;
    if (!this.#moveTo(next.due)) return;
    this.#alarms.delete(next);
    next.callback(); // what waits on is told so by its next wait
  }

  /** Moves on, and tells whether it may go so far. */
  #moveTo(elapsed: number): boolean {
    if (elapsed <= this.longest) {
      this.#elapsed = Math.max(this.#elapsed, elapsed);
      return true;
    }
    this.#elapsed = this.longest;
    if (!this.#isOver) {
      this.#isOver = true;
      this.#onOver();
    }
    return false;
  }
}
