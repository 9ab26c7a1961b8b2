import type { Fields } from "./fields.ts";
import { OutgoingBody } from "./outgoing_body.ts";

/** The resource `wasi:http/types.outgoing-response`. */
export class OutgoingResponse {
  readonly #headers: Fields;
  #body: OutgoingBody | undefined = new OutgoingBody();
  #statusCode = 200;

  /**
   * Creates a response.
   *
   * @param headers Its headers, which cannot be changed any more.
   */
  constructor(headers: Fields) {
    this.#headers = headers.freeze();
  }

  /**
   * Gives the body.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  body(): OutgoingBody {
    const body = this.#body;
    if (body === undefined) throw undefined;
    this.#body = undefined;
    return body;
  }

  /** Gives the headers. */
  headers(): Fields {
    return this.#headers;
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
