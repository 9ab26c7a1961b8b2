/**
 * Ctrl-C and its relatives: the first asks for a stop, the second one demands it.
 *
 * @module
 */

/** The signals that ask for a stop; Windows has others than the rest. */
export const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** A signal that comes again within this time (ms) is the same one, sent on by another process. */
const ECHO_TIME = 100;

/** Listens for stop signals until it is disposed. */
export class StopSignals implements Disposable {
  readonly #graceful = new AbortController();
  readonly #forced = new AbortController();
  readonly #onSignal = () => this.request();
  #firstAt = -Infinity;

  /** Starts to listen. */
  constructor() {
    for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, this.#onSignal);
  }

  /** Fires with the first signal. */
  get graceful(): AbortSignal {
    return this.#graceful.signal;
  }

  /** Fires with the second signal. */
  get forced(): AbortSignal {
    return this.#forced.signal;
  }

  /** Does what a signal does. */
  request(): void {
    const now = performance.now();
    if (!this.#graceful.signal.aborted) {
      this.#firstAt = now;
      this.#graceful.abort(new Error("A signal asked for the stop"));
    } else if (now - this.#firstAt > ECHO_TIME) {
      this.#forced.abort(new Error("A second signal asked for the stop"));
    }
  }

  /** Ends the listening. */
  [Symbol.dispose](): void {
    for (const signal of STOP_SIGNALS) Deno.removeSignalListener(signal, this.#onSignal);
  }
}
