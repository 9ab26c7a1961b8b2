import type { ErrorCode } from "./error_code.ts";

/** Carries an error code from where something failed to where the guest is told. */
export class HttpFailure extends Error {
  /** What the guest is told. */
  readonly code: ErrorCode;

  /**
   * Creates a failure.
   *
   * @param code What the guest is told.
   */
  constructor(code: ErrorCode) {
    super(code.tag);
    this.code = code;
  }
}
