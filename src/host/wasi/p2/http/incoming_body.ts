import { guestTrap } from "../../../guest_trap.ts";
import { InputStream } from "../io/input_stream.ts";
import { FutureTrailers } from "./future_trailers.ts";
import type { ResponseReader } from "./response_reader.ts";

/** The resource `wasi:http/types.incoming-body`. */
export class IncomingBody implements Disposable {
  readonly #reader: ResponseReader;
  readonly #signal: AbortSignal;
  #state: "untouched" | "reading" | "read" | "finished" = "untouched";

  /**
   * Creates a body.
   *
   * @param reader Where it comes from; the body's to close.
   * @param signal Ends every wait on it.
   */
  constructor(reader: ResponseReader, signal: AbortSignal) {
    this.#reader = reader;
    this.#signal = signal;
  }

  /**
   * Gives the stream to read the body from.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  stream(): InputStream {
    if (this.#state !== "untouched") throw undefined;
    this.#state = "reading";
    const reader = this.#reader;
    // The stream does not close the connection: the trailer may still be asked for.
    return new InputStream({
      read: (limit) => reader.read(limit),
      readable: reader.readable,
      [Symbol.dispose]: () => {
        if (this.#state === "reading") this.#state = "read";
      },
    }, { signal: this.#signal });
  }

  /**
   * Ends a body. It traps while the body's stream is there.
   *
   * @param body The body. What was not read of it is passed over.
   * @returns Its trailer, once it comes.
   */
  static finish(body: IncomingBody): FutureTrailers {
    body.#assertNoStream("finish");
    body.#state = "finished";
    return new FutureTrailers(body.#reader, body.#signal);
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    if (this.#state === "finished") return;
    this.#assertNoStream("drop");
    this.#reader.close();
  }

  #assertNoStream(doing: string): void {
    if (this.#state === "reading") {
      throw guestTrap(`wasi:http/types#incoming-body ${doing} while its stream is not dropped`);
    }
  }
}
