/**
 * What it means that a command did not return: to exit is an ordinary way for it to end.
 *
 * @module
 */

import type { GuestFailure } from "../../guest/failure.ts";

/** The exit code of a command that returned an error, as elsewhere. */
const ERROR_EXIT_CODE = 1;

/**
 * Says what a failure of a command means.
 *
 * @param failure How its call ended.
 * @returns The failure, with an exit code if the command itself ended; `undefined` if it exited
 * with code 0, and all is well.
 */
export function interpretExit(failure: GuestFailure): GuestFailure | undefined {
  const { kind, exitCode } = failure;
  if (exitCode === 0) return undefined;
  if (kind !== "guest-error") return failure;
  const code = exitCode ?? ERROR_EXIT_CODE;
  const message = exitCode === undefined
    ? "The command returned an error"
    : `The command exited with code ${code}`;
  return { ...failure, message, exitCode: code };
}
