import type { Readiness } from "../io/readiness.ts";
import { Condition } from "../io/condition.ts";
import type { ErrorCode } from "./error_code.ts";
import { errorCodeOf } from "./error_code_of.ts";
import { HttpFailure } from "./http_failure.ts";
import { openConnection } from "./open_connection.ts";
import { requestHead, type SentRequest, waitsForBody } from "./request_head.ts";
import type { RequestTarget } from "./request_target.ts";
import type { ResponseHead } from "./response_head.ts";
import { ResponseReader } from "./response_reader.ts";

/** Options of {@linkcode Exchange}. All times are in ms; no limit if absent. */
export interface ExchangeOptions {
  /** How long resolving the name, connecting and the TLS handshake may take together. */
  readonly connectTimeout: number | undefined;
  /** How long the response's head may take, from when there is a connection. */
  readonly firstByteTimeout: number | undefined;
  /** How long the server may pause within the response's body. */
  readonly betweenBytesTimeout: number | undefined;
  /** Decides about each address that the host's name resolved to. */
  readonly permits: (address: string) => boolean;
  /** Is told if Deno's own permissions refused the connection. */
  readonly onForbidden: (target: RequestTarget) => void;
  /** Is told when the request takes nothing of the host any more. */
  readonly onClosed: () => void;
  /** Breaks off the exchange. */
  readonly signal: AbortSignal;
}

/** A response whose body can be read. */
export interface ReceivedResponse {
  /** Its status and header. */
  readonly head: ResponseHead;
  /** Its body. */
  readonly body: ResponseReader;
}

/** How sending a request ended. */
export type ExchangeResult =
  | { readonly tag: "ok"; readonly val: ReceivedResponse }
  | { readonly tag: "err"; readonly val: ErrorCode };

/** One request and its response, over a connection of their own. */
export class Exchange {
  /** When {@linkcode result} is there. */
  readonly settled = new Condition(() => this.#result !== undefined);

  readonly #request: SentRequest;
  readonly #options: ExchangeOptions;
  readonly #cancelled = new AbortController();
  #result: ExchangeResult | undefined;

  /**
   * Begins to send a request.
   *
   * @param request The request.
   * @param options What else counts.
   */
  constructor(request: SentRequest, options: ExchangeOptions) {
    this.#request = request;
    this.#options = options;
    this.#run();
  }

  /** How it ended, once it has. */
  get result(): ExchangeResult | undefined {
    return this.#result;
  }

  /** Breaks off whatever is still under way. */
  cancel(): void {
    this.#cancelled.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    const cancel = () => this.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    const close = once(() => {
      signal.removeEventListener("abort", cancel);
      this.#request.body?.fail({ tag: "connection-terminated" });
      this.#options.onClosed();
    });
    try {
      this.#settle({ tag: "ok", val: await this.#send(close) });
    } catch (error) {
      const code = errorCodeOf(error);
      if (code.tag === "HTTP-request-denied") this.#options.onForbidden(this.#request.target);
      this.#request.body?.fail(code);
      this.#settle({ tag: "err", val: code });
      this.cancel();
      close();
    }
  }

  async #send(onClosed: () => void): Promise<ReceivedResponse> {
    const { connectTimeout, permits } = this.#options;
    const { method, target, body } = this.#request;
    const socket = await openConnection(target, {
      permits,
      timeout: connectTimeout,
      signal: this.#cancelled.signal,
    });
    // It may have been closed again before anybody could listen.
    if (socket.destroyed) throw new HttpFailure({ tag: "connection-terminated" });
    socket.once("close", onClosed);
    const reader = new ResponseReader(socket, { ...this.#options, method });
    if (body !== undefined && waitsForBody(this.#request)) {
      await Promise.race([whenReady(body.begun), reader.head]);
    }
    const { bytes, framing } = requestHead(this.#request);
    socket.write(bytes);
    body?.attach(socket, framing);
    return { head: await reader.head, body: reader };
  }

  #settle(result: ExchangeResult): void {
    this.#result = result;
    this.settled.changed();
  }
}

function whenReady(readiness: Readiness): Promise<void> {
  return new Promise((resolve) => readiness.whenReady(resolve));
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
