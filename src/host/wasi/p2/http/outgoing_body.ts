import { OutputStream } from "../io/output_stream.ts";

/** The resource `wasi:http/types.outgoing-body`. What is written to it is dropped: nothing is sent. */
export class OutgoingBody {
  #written = false;

  /**
   * Gives the stream to write the body to.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  write(): OutputStream {
    if (this.#written) throw undefined;
    this.#written = true;
    return new OutputStream({ write() {} });
  }

  /** Ends a body. */
  static finish(): void {}
}
