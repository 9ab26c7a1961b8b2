import { IoError } from "../io/io_error.ts";
import type { ErrorCode } from "./error_code.ts";

/** A stream's error that came from a file. */
export class FilesystemError extends IoError {
  /** What `filesystem-error-code` answers. */
  readonly code: ErrorCode;

  /**
   * Creates an error.
   *
   * @param code What went wrong.
   */
  constructor(code: ErrorCode) {
    super(`Filesystem error: ${code}`);
    this.code = code;
  }
}
