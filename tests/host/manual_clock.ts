import type { Clock } from "../../src/clock.ts";

interface Alarm {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that a test moves by hand. */
export class ManualClock implements Clock {
  #elapsed = 0;
  readonly #start: number;
  readonly #alarms = new Set<Alarm>();

  constructor(start = 0) {
    this.#start = start;
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#alarms.size;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(callback: () => void, milliseconds: number): () => void {
    const alarm = { due: this.#elapsed + milliseconds, callback };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Moves time, and calls back what is due by then. */
  advance(milliseconds: number): void {
    this.#elapsed += milliseconds;
    for (const alarm of [...this.#alarms]) {
      if (alarm.due > this.#elapsed) continue;
      this.#alarms.delete(alarm);
      alarm.callback();
    }
  }
}
