import type { Clock } from "../../../../clock.ts";
import { WaitingPollable } from "../io/waiting_pollable.ts";
import { monotonicTime } from "./monotonic_time.ts";

/** A longer timer would be rounded by the platform, and overflow it at 24.8 days; in ms. */
const LONGEST_SLEEP = 30_000;

/** Options of {@linkcode TimerPollable}. */
export interface TimerOptions {
  /** The clock to wait on. */
  readonly clock: Clock;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

/** A pollable that becomes ready at a monotonic moment. Its timer runs only while it is waited on. */
export class TimerPollable extends WaitingPollable {
  readonly #deadline: bigint;
  readonly #clock: Clock;

  /**
   * Creates a pollable.
   *
   * @param deadline The monotonic moment, in ns.
   * @param options The clock and the signal.
   */
  constructor(deadline: bigint, { clock, signal }: TimerOptions) {
    super(signal);
    this.#deadline = deadline;
    this.#clock = clock;
  }

  /** Tells whether the moment has come. */
  override ready(): boolean {
    return monotonicTime(this.#clock) >= this.#deadline;
  }

  /**
   * Calls back once the moment has come.
   *
   * @param callback Called once.
   * @returns A function that cancels the call.
   */
  override whenReady(callback: () => void): () => void {
    const sleep = () =>
      this.#clock.after(() => {
        // A platform timer may fire a little early, and a long wait takes more than one of them.
        if (this.ready()) callback();
        else cancel = sleep();
      }, this.#nextSleep());
    let cancel = sleep();
    return () => cancel();
  }

  #nextSleep(): number {
    const left = Number(this.#deadline - monotonicTime(this.#clock)) / 1e6;
    return Math.min(Math.max(Math.ceil(left), 0), LONGEST_SLEEP);
  }
}
