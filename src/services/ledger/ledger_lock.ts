import { join } from "node:path";
import { messageOf, StateError } from "../../errors.ts";

/** What a file's name had better not have. */
const NOT_IN_NAME_REGEXP = /[^A-Za-z0-9._-]/g;

/**
 * Makes sure that one host at a time follows the schedules of an application. The operating system
 * gives the lock back when the process ends, however it ends.
 *
 * @param directory The directory of the ledger.
 * @param application The name under which it keeps the application.
 * @returns What gives the lock back.
 * @throws {StateError} `ERR_STATE_LOCKED` if another host has it; `ERR_STATE_OPEN` if its file cannot
 * be made.
 */
export function lockLedger(directory: string, application: string): Disposable {
  const path = join(directory, `runs.${application.replaceAll(NOT_IN_NAME_REGEXP, "_")}.lock`);
  const file = openFile(path);
  if (file.tryLockSync(true)) return file;
  file.close();
  throw new StateError(
    "ERR_STATE_LOCKED",
    `Another Gyre runs ${application} with the ledger in ${directory}`,
    {
      hint: "Stop it first; or name another directory with --state-dir, or keep no ledger with " +
        "--no-state",
    },
  );
}

function openFile(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { create: true, write: true });
  } catch (cause) {
    const message = `Cannot open the lock of the ledger of runs ${path}: ${messageOf(cause)}`;
    throw new StateError("ERR_STATE_OPEN", message, {
      cause,
      hint: "Name another directory with --state-dir, or keep no ledger with --no-state",
    });
  }
}
