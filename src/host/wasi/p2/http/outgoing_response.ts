import { declaredLength } from "./declared_length.ts";
import type { Fields } from "./fields.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { RequestPipe } from "./request_pipe.ts";

/** The resource `wasi:http/types.outgoing-response`. */
export class OutgoingResponse {
  readonly #headers: Fields;
  readonly #signal: AbortSignal;
  #hasBody = false;
  #statusCode = 200;

  /**
   * Creates a response.
   *
   * @param headers Its headers, which cannot be changed any more.
   * @param signal Ends every wait on its body.
   */
  constructor(headers: Fields, signal: AbortSignal) {
    this.#headers = headers.freeze();
    this.#signal = signal;
  }

  /**
   * Gives the body.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  body(): OutgoingBody {
    if (this.#hasBody) throw undefined;
    this.#hasBody = true;
    return new OutgoingBody(new RequestPipe(declaredLength(this.#headers)), this.#signal);
  }

  /** Gives the headers, which cannot be changed. */
  headers(): Fields {
    return this.#headers.clone().freeze();
  }

  /** Gives the status code. */
  statusCode(): number {
    return this.#statusCode;
  }

  /**
   * Sets the status code.
   *
   * @param statusCode A number from 100 to 999.
   * @throws `undefined`, the error without a value, for any other number.
   */
  setStatusCode(statusCode: number): void {
    if (statusCode < 100 || statusCode > 999) throw undefined;
    this.#statusCode = statusCode;
  }
}
