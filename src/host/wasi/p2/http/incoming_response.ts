import type { ReceivedResponse } from "./exchange.ts";
import { Fields } from "./fields.ts";
import { IncomingBody } from "./incoming_body.ts";

/** The resource `wasi:http/types.incoming-response`. */
export class IncomingResponse implements Disposable {
  readonly #response: ReceivedResponse;
  readonly #signal: AbortSignal;
  #isConsumed = false;

  /**
   * Creates a response.
   *
   * @param response What the server has sent; the resource's to close.
   * @param signal Ends every wait on it.
   */
  constructor(response: ReceivedResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
  }

  /** Gives the status code. */
  status(): number {
    return this.#response.head.status;
  }

  /** Gives the header, which cannot be changed. */
  headers(): Fields {
    return Fields.received(this.#response.head.fields);
  }

  /**
   * Gives the body.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  consume(): IncomingBody {
    if (this.#isConsumed) throw undefined;
    this.#isConsumed = true;
    return new IncomingBody(this.#response.body, this.#signal);
  }

  /** Closes the connection if the body was not asked for. */
  [Symbol.dispose](): void {
    if (!this.#isConsumed) this.#response.body.close();
  }
}
