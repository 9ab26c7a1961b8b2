/**
 * Ledgers for tests, and runs to put into them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { StateError } from "../../../src/errors.ts";
import { type LedgerOptions, RunLedger } from "../../../src/services/ledger/run_ledger.ts";
import type { TriggerRuns } from "../../../src/services/ledger/trigger_runs.ts";

/** When the ledgers of tests are opened. */
export const NOW = Date.UTC(2026, 0, 1);
/** The key of the schedules of tests. */
export const KEY = "every hour";

/** Gives a directory for a ledger, which is not there yet, and removes it. */
export async function withDirectory(
  work: (directory: string) => void | Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-test-" });
  try {
    await work(join(directory, "state"));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Opens a ledger, in memory unless the options say where. */
export function open(options: Partial<LedgerOptions> = {}): RunLedger {
  return RunLedger.open({ application: "app.toml", now: NOW, ...options });
}

/** A trigger's runs, resumed at the start of the year. */
export function runsOf(ledger: RunLedger, trigger = "t"): TriggerRuns {
  const runs = ledger.trigger(trigger, "c");
  runs.resume(KEY, NOW);
  return runs;
}

/** Takes a tick through its whole life, and gives the run's number. */
export function finishOne(runs: TriggerRuns, scheduled: number): number {
  const id = runs.schedule(scheduled);
  assert.ok(id !== undefined);
  runs.start(id, scheduled);
  runs.finish(id, { outcome: "ok" }, scheduled);
  return id;
}

/** Gives the code of the error that something throws, or `none`. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof StateError, String(error));
    return error.code;
  }
  return "none";
}
