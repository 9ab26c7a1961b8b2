/**
 * Notices a thread that has stopped to answer: because it is busy with what no deadline reaches, or
 * because its heap was full and Deno has ended it without a word.
 *
 * @module
 */

/** How often (ms) a thread with calls under way is looked at. */
const PERIOD = 500;
/** How long (ms) a thread may give no sign of life. */
const PATIENCE = 5_000;
/** The same, in ms, once a call has taken longer than it may. */
const PATIENCE_OVERDUE = 1_500;

/** What a {@linkcode Watchdog} looks at. */
export interface Watched {
  /** Asks the thread for a sign of life; it answers by {@linkcode Watchdog.sign}. */
  readonly ping: () => void;
  /** A number that changes while a guest runs under control. */
  readonly progress: () => number;
  /** Called once, when there was no sign of life for too long. */
  readonly onSilence: () => void;
}

/** Watches one thread while calls are under way. */
export class Watchdog implements Disposable {
  readonly #watched: Watched;
  readonly #dueTimes = new Map<number, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastSign = 0;
  #lastProgress = 0;

  /**
   * Makes a watchdog; it sleeps until there is a call.
   *
   * @param watched What to look at.
   */
  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /**
   * A call is under way.
   *
   * @param call The call's number.
   * @param timeout How long it may take, in ms; as long as it likes if absent.
   */
  add(call: number, timeout: number | undefined): void {
    this.#dueTimes.set(call, performance.now() + (timeout ?? Infinity));
    if (this.#timer !== undefined) return;
    this.sign();
    this.#timer = setInterval(() => this.#look(), PERIOD);
  }

  /**
   * A call has ended.
   *
   * @param call The call's number.
   */
  delete(call: number): void {
    this.#dueTimes.delete(call);
  }

  /** The thread has given a sign of life. */
  sign(): void {
    this.#lastSign = performance.now();
  }

  /** Stops to look. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    // Stopped here and not with the last call: calls may follow each other thousands of times a s.
    if (this.#dueTimes.size === 0) return this[Symbol.dispose]();
    const progress = this.#watched.progress();
    if (progress !== this.#lastProgress) this.sign();
    this.#lastProgress = progress;
    const now = performance.now();
    const isOverdue = this.#dueTimes.values().some((due) => now > due);
    if (now - this.#lastSign < (isOverdue ? PATIENCE_OVERDUE : PATIENCE)) {
      this.#watched.ping();
      return;
    }
    this[Symbol.dispose]();
    this.#watched.onSilence();
  }
}
