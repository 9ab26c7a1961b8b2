/**
 * Time as the scheduler sees it. Nothing outside this file asks the platform for the time or sets
 * a timer for a schedule, so that tests can move time by hand.
 *
 * @module
 */

/** A source of time, and of waiting. */
export interface Clock {
  /** The wall-clock time, in ms since the Unix epoch. May jump in both directions. */
  now(): number;
  /** Time that never goes back, in ms since an arbitrary moment. */
  monotonic(): number;
  /**
   * Calls back after some time.
   *
   * @param callback Called once, unless cancelled first.
   * @param milliseconds How long to wait, in ms.
   * @returns A function that cancels the call.
   */
  after(callback: () => void, milliseconds: number): () => void;
}

/**
 * A clock that goes back by more (ms) was corrected, and schedules follow the new time; by less, they
 * wait for the old time to come again, so that nothing runs twice. Three hours as in ISC cron, which
 * is more than any zone changes by.
 */
export const CLOCK_CORRECTION = 3 * 3_600_000;

/** The platform takes a longer timeout (ms) for none at all. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(callback, milliseconds) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number) => {
      timer = left <= LONGEST_TIMEOUT
        ? setTimeout(callback, left)
        : setTimeout(wait, LONGEST_TIMEOUT, left - LONGEST_TIMEOUT);
    };
    wait(milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits until a monotonic moment, or until the signal fires.
 *
 * @param clock The clock to wait on.
 * @param milliseconds How long to wait, in ms.
 * @param signal Ends the wait early.
 * @returns Whether the whole time passed; `false` if the signal ended the wait.
 */
export function delay(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = () => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(() => {
      signal.removeEventListener("abort", onAbort);
      resolve(true);
    }, milliseconds);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
