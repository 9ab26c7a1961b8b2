/**
 * The failure of a guest as an error.
 *
 * @module
 */

import { GyreError } from "../errors.ts";
import type { GuestFailure } from "../guest/failure.ts";

const CODES: Readonly<Record<GuestFailure["kind"], string>> = {
  "guest-error": "ERR_GUEST",
  trap: "ERR_TRAP",
  timeout: "ERR_TIMEOUT",
  denied: "ERR_DENIED",
  cancelled: "ERR_CANCELLED",
  misfire: "ERR_BUSY",
};

/** A call into a guest that did not return: `ERR_GUEST`, `ERR_TRAP`, `ERR_TIMEOUT`, `ERR_DENIED`,
 * `ERR_CANCELLED` or `ERR_BUSY`. */
export class GuestError extends GyreError {
  /** How the call ended. */
  readonly failure: GuestFailure;

  /**
   * Makes an error of a failure.
   *
   * @param componentId The component that was called.
   * @param failure How the call ended.
   */
  constructor(componentId: string, failure: GuestFailure) {
    super(
      CODES[failure.kind],
      `Component "${componentId}": ${failure.message}`,
    );
    this.failure = failure;
  }
}
