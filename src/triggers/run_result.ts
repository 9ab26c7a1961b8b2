import type { RunResult } from "../services/ledger/run_record.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Says what a ledger keeps of an outcome.
 *
 * @param outcome How an event ended.
 * @returns What is kept of it.
 */
export function runResult({ kind, duration, usage, error }: Outcome): RunResult {
  return {
    outcome: kind,
    duration,
    ...(error !== undefined && { message: error.message }),
    ...(usage !== undefined && { fuel: usage.fuel, cpu: usage.cpu, outputSize: usage.output }),
  };
}
