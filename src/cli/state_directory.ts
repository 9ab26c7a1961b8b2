import type { Command } from "commander";
import { join, resolve } from "node:path";
import type { Application } from "../app/application.ts";

/** What the command line says about the ledger of runs. */
export interface StateOptions {
  /** The directory that it names. */
  readonly stateDir?: string;
  /** Whether there is to be one; there is if absent. */
  readonly state?: boolean;
}

/**
 * Adds the options about the ledger.
 *
 * @param command The command.
 * @returns The same command.
 */
export function addStateOptions(command: Command): Command {
  return command
    .option("--state-dir <dir>", "where the ledger of runs is kept (default: .gyre)")
    .option("--no-state", "keep no ledger: what ran and what was missed is forgotten in the end");
}

/**
 * Says where the ledger of runs is kept.
 *
 * @param application The application.
 * @param options What the command line says.
 * @returns An absolute directory; `undefined` for none.
 */
export function stateDirectory(
  application: Pick<Application, "baseDir">,
  { stateDir, state = true }: StateOptions,
): string | undefined {
  if (!state) return undefined;
  return stateDir === undefined ? join(application.baseDir, ".gyre") : resolve(stateDir);
}
