/**
 * Runs as people and programs read them.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import type { RunLine, RunRecord } from "../services/ledger/run_record.ts";
import { formatSize } from "../size.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Writes a run as one line of JSON. Times are in RFC 3339.
 *
 * @param run The run, and what else is known of it.
 * @returns The line, without its line break.
 */
export function runAsJson<T extends RunRecord>(run: T): string {
  const { scheduled, scheduledLast, started, finished } = run;
  return JSON.stringify({
    type: "run",
    ...run,
    scheduled: timeOf(scheduled),
    scheduledLast: timeOf(scheduledLast),
    ...(started !== undefined && { started: timeOf(started) }),
    ...(finished !== undefined && { finished: timeOf(finished) }),
  });
}

/**
 * Prints runs as a table, one run a line.
 *
 * @param runs The runs.
 * @param terminal Where to print.
 */
export function printRuns(runs: readonly RunRecord[], terminal: Terminal): void {
  const rows = runs.map((run) => [
    `${run.id}`,
    timeOf(run.scheduled),
    run.trigger,
    outcomeOf(run),
    `${run.attempts}`,
    run.duration === undefined ? "-" : formatDuration(run.duration),
    run.outputSize === 0 ? "-" : formatSize(run.outputSize),
    run.message ?? "",
  ]);
  const head = ["ID", "SCHEDULED", "TRIGGER", "OUTCOME", "ATTEMPTS", "TOOK", "WROTE", "MESSAGE"];
  terminal.out(formatTable([head, ...rows], terminal.tableWidth));
}

/**
 * Prints all that is known of a run.
 *
 * @param run The run.
 * @param lines What its guests wrote.
 * @param terminal Where to print.
 */
export function printRun(run: RunRecord, lines: readonly RunLine[], terminal: Terminal): void {
  const { started, finished, duration, fuel, cpu, message } = run;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ["run", `${run.id}${run.manual ? ", by hand" : ""}`],
    ["trigger", run.trigger],
    ["component", run.component],
    ["scheduled", timeOf(run.scheduled)],
    ["to", run.count === 1 ? undefined : timeOf(run.scheduledLast)],
    ["outcome", outcomeOf(run)],
    ["message", message],
    ["attempts", `${run.attempts}`],
    ["started", started === undefined ? undefined : timeOf(started)],
    ["finished", finished === undefined ? undefined : timeOf(finished)],
    ["took", duration === undefined ? undefined : formatDuration(duration)],
    ["CPU", cpu === undefined ? undefined : `about ${formatDuration(cpu)} (${fuel} fuel)`],
    ["wrote", formatSize(run.outputSize)],
  ];
  const known = fields.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]);
  terminal.out(formatTable(known, terminal.tableWidth));
  let attempt = 1;
  for (const line of lines) {
    if (line.attempt !== attempt) terminal.out(`attempt ${line.attempt}:\n`);
    attempt = line.attempt;
    terminal.out(`${line.stream} | ${line.line}\n`);
  }
}

function outcomeOf({ outcome, state, count }: RunRecord): string {
  const many = count === 1 ? "" : count === undefined ? ", many" : ` x${count}`;
  return `${outcome ?? state}${many}`;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
