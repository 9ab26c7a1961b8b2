import { guestTrap } from "../../../guest_trap.ts";
import { OutputStream } from "../io/output_stream.ts";
import type { Fields } from "./fields.ts";
import { HttpFailure } from "./http_failure.ts";
import type { RequestPipe } from "./request_pipe.ts";

/** The resource `wasi:http/types.outgoing-body`. */
export class OutgoingBody implements Disposable {
  readonly #pipe: RequestPipe;
  readonly #signal: AbortSignal;
  #state: "untouched" | "writing" | "written" | "finished" = "untouched";

  /**
   * Creates a body.
   *
   * @param pipe Where its bytes go.
   * @param signal Ends every wait on it.
   */
  constructor(pipe: RequestPipe, signal: AbortSignal) {
    this.#pipe = pipe;
    this.#signal = signal;
  }

  /**
   * Gives the stream to write the body to.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  write(): OutputStream {
    if (this.#state !== "untouched") throw undefined;
    this.#state = "writing";
    const pipe = this.#pipe;
    return new OutputStream({
      capacity: () => pipe.capacity(),
      write: (chunk) => pipe.write(chunk),
      writable: pipe.writable,
      flushed: pipe.flushed,
      [Symbol.dispose]: () => {
        if (this.#state === "writing") this.#state = "written";
      },
    }, { signal: this.#signal });
  }

  /**
   * Ends a body. It traps while the body's stream is there.
   *
   * @param body The body.
   * @param trailers The trailer, if there is one.
   * @throws `ErrorCode`
   */
  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    body.#assertNoStream("finish");
    body.#state = "finished";
    try {
      body.#pipe.finish(trailers?.entries() ?? []);
    } catch (error) {
      throw error instanceof HttpFailure ? error.code : error;
    }
  }

  /** Breaks off a body that was not finished, and with it its message. */
  [Symbol.dispose](): void {
    if (this.#state === "finished") return;
    this.#assertNoStream("drop");
    this.#pipe.abort({ tag: "HTTP-protocol-error" });
  }

  #assertNoStream(doing: string): void {
    if (this.#state === "writing") {
      throw guestTrap(`wasi:http/types#outgoing-body ${doing} while its stream is not dropped`);
    }
  }
}
