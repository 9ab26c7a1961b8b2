/**
 * One call into a guest, from the host's side: when it must end, and what is known of why it ended.
 *
 * @module
 */

import { systemClock } from "../clock.ts";
import { formatDuration } from "../duration.ts";
import { formatSize } from "../size.ts";
import type { Denial } from "../policy/denial.ts";
import { cancelled, classify, type GuestFailure } from "./failure.ts";
import type { CallUsage } from "./usage.ts";

/** How long (ms) a guest may take to end in good order once its call was ended. */
const GRACE = 100;

/** When a call must end. */
export interface CallLimits {
  /** Ends the call. */
  readonly signal: AbortSignal;
  /** How long it may take, in ms; as long as it likes if absent. */
  readonly timeout?: number;
  /** Tells, also while the guest keeps the thread busy, that the call was ended. */
  readonly isCancelled?: () => boolean;
}

/** The reason with which a call is aborted that took too long. */
class TimeoutError extends Error {
  /** The name of the class. */
  override readonly name = "TimeoutError";
}

/** One call into a guest. Dispose it when the call has ended. */
export class CallScope implements Disposable {
  /** Fires when the call must end. */
  readonly signal: AbortSignal;
  readonly #abortion = new AbortController();
  readonly #limits: CallLimits;
  readonly #due: number;
  readonly #stopTimer: (() => void) | undefined;
  readonly #onAbort = () => this.#abortion.abort(this.#limits.signal.reason);
  #denial: Denial | undefined;
  #memoryLimit: number | undefined;
  /** What the call used, as far as it is known. */
  usage: CallUsage | undefined;
  /** How much virtual time it took, in ms, if it ran in such. */
  elapsed: number | undefined;

  /**
   * Begins a call.
   *
   * @param limits When it must end.
   */
  constructor(limits: CallLimits) {
    const { signal, timeout } = limits;
    this.#limits = limits;
    this.signal = this.#abortion.signal;
    this.#due = performance.now() + (timeout ?? Infinity);
    if (timeout !== undefined) this.#stopTimer = systemClock.after(() => this.expire(), timeout);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Tells whether the call must end; cheap, and right also while the thread is busy. */
  isOver(): boolean {
    if (this.signal.aborted || this.#limits.isCancelled?.() === true) return true;
    if (performance.now() < this.#due) return false;
    this.expire();
    return true;
  }

  /** Whether the call was ended because its time was over. */
  get hasExpired(): boolean {
    return this.signal.reason instanceof TimeoutError;
  }

  /**
   * Notes that the guest was refused something.
   *
   * @param denial What it was.
   */
  deny(denial: Denial): void {
    this.#denial ??= denial;
  }

  /**
   * Notes that the guest was refused more memory.
   *
   * @param limit How much it may have, in bytes.
   */
  refuseMemory(limit: number): void {
    this.#memoryLimit = limit;
  }

  /**
   * Waits for the guest, but not much longer than it may take.
   *
   * @param running The call.
   * @returns What it returns.
   * @throws {unknown} What it throws; the reason of {@linkcode signal} if it does not end after that.
   */
  async unlessOver<T>(running: Promise<T>): Promise<T> {
    const over = Promise.withResolvers<never>();
    let grace: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      grace = setTimeout(() => over.reject(this.signal.reason), GRACE);
    };
    if (this.signal.aborted) onAbort();
    else this.signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([running, over.promise]);
    } finally {
      clearTimeout(grace);
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  /**
   * Tells how the call failed.
   *
   * @param error What it threw.
   * @returns The failure: that the time was over, or that the guest was refused something, comes
   * before what the guest made of it.
   */
  failureOf(error: unknown): GuestFailure {
    const failure = classify(error);
    if (this.signal.reason instanceof TimeoutError) {
      return { kind: "timeout", message: this.signal.reason.message, stack: failure.stack };
    }
    if (this.signal.aborted) return { ...cancelled(this.signal), stack: failure.stack };
    if (this.#limits.isCancelled?.() === true) {
      return { kind: "cancelled", message: "The event was cancelled", stack: failure.stack };
    }
    const { message } = failure;
    if (this.#denial !== undefined && failure.kind !== "cancelled") {
      const { target } = this.#denial;
      const text = `The guest was not allowed to ${target}, and gave up: ${message}`;
      return { ...failure, kind: "denied", message: text };
    }
    if (this.#memoryLimit === undefined || failure.kind !== "trap") return failure;
    const limit = formatSize(this.#memoryLimit);
    return { ...failure, message: `${message}, after it had reached its ${limit} of memory` };
  }

  /** Ends the call, because its time is over. */
  expire(): void {
    const time = formatDuration(this.#limits.timeout ?? 0);
    this.#abortion.abort(new TimeoutError(`The guest did not return within ${time}`));
  }

  /** Ends the watch over the call. */
  [Symbol.dispose](): void {
    this.#stopTimer?.();
    this.#limits.signal.removeEventListener("abort", this.#onAbort);
  }
}
