/** The resource `wasi:http/types.request-options`. All times are in ns. */
export class RequestOptions {
  #connectTimeout: bigint | undefined;
  #firstByteTimeout: bigint | undefined;
  #betweenBytesTimeout: bigint | undefined;

  /** Gives the time for connecting. */
  connectTimeout(): bigint | undefined {
    return this.#connectTimeout;
  }

  /** Sets the time for connecting. */
  setConnectTimeout(duration: bigint | undefined): void {
    this.#connectTimeout = duration;
  }

  /** Gives the time until the response's first byte. */
  firstByteTimeout(): bigint | undefined {
    return this.#firstByteTimeout;
  }

  /** Sets the time until the response's first byte. */
  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#firstByteTimeout = duration;
  }

  /** Gives the time between two parts of the response's body. */
  betweenBytesTimeout(): bigint | undefined {
    return this.#betweenBytesTimeout;
  }

  /** Sets the time between two parts of the response's body. */
  setBetweenBytesTimeout(duration: bigint | undefined): void {
    this.#betweenBytesTimeout = duration;
  }
}
