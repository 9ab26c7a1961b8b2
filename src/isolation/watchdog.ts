/**
 * Notices a thread that has stopped to answer: because it is busy with what no deadline reaches, or
 * because its heap was full and V8 has ended what ran there without a word.
 *
 * @module
 */

/** How often (ms) a thread with calls under way is looked at. */
const PERIOD = 500;
/** How long (ms) a thread may give no sign of life. */
const PATIENCE = 5_000;
/** The same, in ms, once a call has taken longer than it may. */
const PATIENCE_OVERDUE = 1_500;
/**
 * How long (ms) after its time a call may be without an answer although the thread gives signs of
 * life. Where V8 ended the code because the heap was full, the thread goes on and the call is lost.
 */
const LOST = 3_000;

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
    const isAtWork = progress !== this.#lastProgress;
    if (isAtWork) this.sign();
    this.#lastProgress = progress;
    const now = performance.now();
    const firstDue = Math.min(...this.#dueTimes.values());
    const isLost = !isAtWork && now > firstDue + LOST;
    const patience = now > firstDue ? PATIENCE_OVERDUE : PATIENCE;
    if (!isLost && now - this.#lastSign < patience) {
      this.#watched.ping();
      return;
    }
    this[Symbol.dispose]();
    this.#watched.onSilence();
  }
}
