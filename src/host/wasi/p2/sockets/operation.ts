import { type SocketErrorCode, socketErrorCode } from "./socket_error.ts";

/** What came of an operation. */
type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: SocketErrorCode };

/** What a `start-*` function began and a `finish-*` function will end. */
export class Operation<T> {
  #outcome: Outcome<T> | undefined;

  /**
   * Watches an operation.
   *
   * @param promise The operation's result.
   * @param onSettled Called when {@linkcode Operation.isSettled} has become true.
   */
  constructor(promise: Promise<T>, onSettled: () => void) {
    promise.then((value): Outcome<T> => ({ ok: true, value }), (error): Outcome<T> => ({
      ok: false,
      code: socketErrorCode(error),
    })).then((outcome) => {
      this.#outcome = outcome;
      onSettled();
    });
  }

  /** Whether {@linkcode Operation.finish} has something else to say than `would-block`. */
  get isSettled(): boolean {
    return this.#outcome !== undefined;
  }

  /**
   * Gives the operation's result.
   *
   * @returns The value.
   * @throws `would-block` before there is one, and what the operation failed with.
   */
  finish(): T {
    if (this.#outcome === undefined) throw "would-block" satisfies SocketErrorCode;
    if (!this.#outcome.ok) throw this.#outcome.code;
    return this.#outcome.value;
  }
}
