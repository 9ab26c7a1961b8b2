/**
 * Starts the program again where Deno was started without flags that it needs: worker permissions
 * are behind an unstable flag, without which Deno ends the process at the first worker; and on a
 * terminal, a worker that is denied something would ask the operator for it, which must never
 * happen. Neither can be turned on from within.
 *
 * @module
 */

import { STOP_SIGNALS } from "./signals.ts";

/** Set in the second process, so that there is never a third. */
const MARK = "GYRE_REEXECUTED";

const PERMISSIONS = ["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const;
const FLAGS = ["--no-prompt", "--unstable-worker-options", "--unstable-cron"];

/**
 * Runs the program in a second process if this one lacks a flag.
 *
 * @param args The program's arguments.
 * @returns The second process's exit code, or `undefined` if there is no need for one.
 */
export async function reexecute(args: readonly string[]): Promise<number | undefined> {
  if (!await isNeeded()) return undefined;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", ...FLAGS, Deno.mainModule, ...args],
    env: { [MARK]: "1" },
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  // On Ctrl-C the terminal signals both processes; the second one takes a pair as one signal.
  const forward = (signal: Deno.Signal) => () => {
    try {
      child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
  };
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, forward(signal));
  return (await child.status).code;
}

async function isNeeded(): Promise<boolean> {
  if (Deno.build.standalone) return false;
  // Deno shows no program which unstable flags it was given. `Deno.cron` is there only behind one,
  // and this project's own configuration always sets both together.
  const flagsMissing = typeof Deno.cron !== "function";
  const mayPrompt = Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  if (!flagsMissing && !mayPrompt) return false;
  // The second process gets every permission, so this one must have had every permission too;
  // otherwise the flags are the caller's to give.
  return await hasEveryPermission() && Deno.env.get(MARK) === undefined;
}

async function hasEveryPermission(): Promise<boolean> {
  for (const name of PERMISSIONS) {
    const status = await Deno.permissions.query({ name });
    if (status.state !== "granted" || status.partial) return false;
  }
  return true;
}
