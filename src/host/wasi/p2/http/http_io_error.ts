import { IoError } from "../io/io_error.ts";
import type { ErrorCode } from "./error_code.ts";

/** Why a body's stream failed, in words that `http-error-code` understands. */
export class HttpIoError extends IoError {
  /** What went wrong. */
  readonly code: ErrorCode;

  /**
   * Creates an error.
   *
   * @param code What went wrong.
   */
  constructor(code: ErrorCode) {
    super(`HTTP body failed: ${code.tag}`);
    this.code = code;
  }
}
