/**
 * The exit codes of commands for WASI preview 1. The adapter that makes a component of one can only
 * say whether it ended well, so its `proc_exit` is answered here, at the module's own import.
 *
 * @module
 */

import { GuestExit } from "../host/guest_exit.ts";

const PREVIEW_1 = "wasi_snapshot_preview1";

/**
 * Lets a core module that imports `proc_exit` exit with the very code that it gives.
 *
 * @param imports What the module is to be linked to; `undefined` if it imports nothing.
 * @returns The same, with another `proc_exit` if there is one.
 */
export function withExitCodes(
  imports: WebAssembly.Imports | undefined,
): WebAssembly.Imports | undefined {
  const functions = imports?.[PREVIEW_1];
  if (functions?.["proc_exit"] === undefined) return imports;
  const exit = (code: number): never => {
    throw new GuestExit(code >>> 0);
  };
  return { ...imports, [PREVIEW_1]: { ...functions, proc_exit: exit } };
}
