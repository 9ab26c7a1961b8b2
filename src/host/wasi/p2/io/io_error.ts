/** The resource `wasi:io/error.error`: why an operation of a stream failed. */
export class IoError {
  readonly #message: string;

  /**
   * Creates an error.
   *
   * @param message What happened, in words that may reach the guest's log.
   */
  constructor(message: string) {
    this.#message = message;
  }

  /** Says what happened, in no fixed form. */
  toDebugString(): string {
    return this.#message;
  }
}
