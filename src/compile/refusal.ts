/**
 * What Gyre itself has against a component, beside what jco may have.
 *
 * @module
 */

/** Options of {@linkcode Refusal}. */
export interface RefusalOptions extends ErrorOptions {
  /** Stable identifier, in the form `ERR_WORDS`. Default: `ERR_COMPILE`. */
  readonly code?: string;
  /** What the reader can do about it. */
  readonly hint?: string;
}

/** A component, or a core module, that is not compiled. It is no fault of the compiler's. */
export class Refusal extends Error {
  /** Stable identifier, in the form `ERR_WORDS`. */
  readonly code: string;
  /** What the reader can do about it, if anything is known. */
  readonly hint: string | undefined;

  /**
   * Creates a refusal.
   *
   * @param message What is wrong, to follow "it cannot be compiled: ".
   * @param options The code, the hint and the cause.
   */
  constructor(message: string, options: RefusalOptions = {}) {
    super(message, options);
    this.code = options.code ?? "ERR_COMPILE";
    this.hint = options.hint;
  }
}
