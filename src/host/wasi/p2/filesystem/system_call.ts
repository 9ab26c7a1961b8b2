import { toErrorCode } from "./error_code.ts";

/**
 * Runs one of Deno's file functions for a guest.
 *
 * @param call The call.
 * @returns What it returned.
 * @throws `ErrorCode`
 */
export function systemCall<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toErrorCode(error);
  }
}
