import type { Pollable } from "../io/pollable.ts";
import type { ErrorCode } from "./error_code.ts";
import type { Exchange } from "./exchange.ts";
import { IncomingResponse } from "./incoming_response.ts";
import { ReadinessPollable } from "../io/readiness_pollable.ts";

/** What {@linkcode FutureIncomingResponse.get} answers: `result<result<incoming-response, error-code>>`. */
export type ResponseResult =
  | {
    readonly tag: "ok";
    readonly val:
      | { readonly tag: "ok"; readonly val: IncomingResponse }
      | { readonly tag: "err"; readonly val: ErrorCode };
  }
  | { readonly tag: "err"; readonly val: undefined };

/** The resource `wasi:http/types.future-incoming-response`. */
export class FutureIncomingResponse implements Disposable {
  readonly #exchange: Exchange;
  readonly #signal: AbortSignal;
  #isTaken = false;

  /**
   * Creates a future.
   *
   * @param exchange The request under way; the future's to break off.
   * @param signal Ends every wait on it.
   */
  constructor(exchange: Exchange, signal: AbortSignal) {
    this.#exchange = exchange;
    this.#signal = signal;
  }

  /** Makes a pollable that is ready when {@linkcode get} has an answer. */
  subscribe(): Pollable {
    return new ReadinessPollable(this.#exchange.settled, this.#signal);
  }

  /**
   * Gives the response, once.
   *
   * @returns The response or why there is none; the outer error if it was given already;
   * `undefined` if it is not there yet.
   */
  get(): ResponseResult | undefined {
    const { result } = this.#exchange;
    if (result === undefined) return undefined;
    if (this.#isTaken) return { tag: "err", val: undefined };
    this.#isTaken = true;
    if (result.tag === "err") return { tag: "ok", val: result };
    const response = new IncomingResponse(result.val, this.#signal);
    return { tag: "ok", val: { tag: "ok", val: response } };
  }

  /** Breaks off the request if its response was not taken. */
  [Symbol.dispose](): void {
    if (!this.#isTaken) this.#exchange.cancel();
  }
}
