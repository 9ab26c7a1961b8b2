import type { Pollable } from "../io/pollable.ts";
import type { Readiness } from "../io/readiness.ts";
import type { ErrorCode } from "./error_code.ts";
import { Fields } from "./fields.ts";
import { ReadinessPollable } from "../io/readiness_pollable.ts";
import type { ResponseReader } from "./response_reader.ts";

/** What {@linkcode FutureTrailers.get} answers: `result<result<option<trailers>, error-code>>`. */
export type TrailersResult =
  | {
    readonly tag: "ok";
    readonly val:
      | { readonly tag: "ok"; readonly val: Fields | undefined }
      | { readonly tag: "err"; readonly val: ErrorCode };
  }
  | { readonly tag: "err"; readonly val: undefined };

/** How much of an unread body is taken at once, to come to the trailer. */
const DRAINED_AT_ONCE = 65_536;

/** The resource `wasi:http/types.future-trailers`. */
export class FutureTrailers implements Disposable {
  readonly #reader: ResponseReader;
  readonly #signal: AbortSignal;
  readonly #ended: Readiness;
  #isTaken = false;

  /**
   * Creates a future.
   *
   * @param reader The body; the future's to close.
   * @param signal Ends every wait on it.
   */
  constructor(reader: ResponseReader, signal: AbortSignal) {
    this.#reader = reader;
    this.#signal = signal;
    this.#ended = {
      ready: () => this.#drain(),
      whenReady: (callback) => this.#whenEnded(callback),
    };
  }

  /** Makes a pollable that is ready when {@linkcode get} has an answer. */
  subscribe(): Pollable {
    return new ReadinessPollable(this.#ended, this.#signal);
  }

  /**
   * Gives the trailer, once.
   *
   * @returns The trailer, if the body has one, or why the body broke off; the outer error if it was
   * given already; `undefined` if the body has not ended yet.
   */
  get(): TrailersResult | undefined {
    if (!this.#drain()) return undefined;
    if (this.#isTaken) return { tag: "err", val: undefined };
    this.#isTaken = true;
    const { failure, trailers } = this.#reader;
    if (failure !== undefined) return { tag: "ok", val: { tag: "err", val: failure } };
    const val = trailers.length === 0 ? undefined : Fields.received(trailers);
    return { tag: "ok", val: { tag: "ok", val } };
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#reader.close();
  }

  /** Passes over what is there of the body, and tells whether it has ended. */
  #drain(): boolean {
    const reader = this.#reader;
    while (reader.hasData) reader.read(DRAINED_AT_ONCE);
    return reader.isOver;
  }

  #whenEnded(callback: () => void): () => void {
    const { readable } = this.#reader;
    const look = () => {
      if (this.#drain()) callback();
      else cancel = readable.whenReady(look);
    };
    let cancel = readable.whenReady(look);
    return () => cancel();
  }
}
