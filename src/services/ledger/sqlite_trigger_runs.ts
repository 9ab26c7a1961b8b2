/**
 * The runs of one trigger, in SQLite.
 *
 * @module
 */

import { CLOCK_CORRECTION } from "../../clock.ts";
import type { LedgerDatabase } from "./ledger_database.ts";
import type { PassedTicks, Resumption, RunLine, RunResult } from "./run_record.ts";
import type { ManualRun, TriggerRuns } from "./trigger_runs.ts";

/** How much text (characters) is kept of what the guests of one run write. */
const MOST_TEXT = 65_536;

/** Whose runs they are. */
export interface TriggerRunsOptions {
  /** The name under which the application is kept. */
  readonly application: string;
  /** The trigger's id. */
  readonly trigger: string;
  /** The id of the component that it calls. */
  readonly component: string;
  /** Told when a run is finished, with the time in ms since the Unix epoch. */
  readonly onFinished: (now: number) => void;
}

/** The runs of one trigger, in SQLite. */
export class SqliteTriggerRuns implements TriggerRuns {
  readonly #database: LedgerDatabase;
  readonly #options: TriggerRunsOptions;
  /** How much text was kept of runs that are under way. */
  readonly #texts = new Map<number, number>();
  /** The row that the last passed ticks are in, while nothing else came after. */
  #passed: { readonly id: number; readonly reason: string } | undefined;
  #cursor = -Infinity;

  /**
   * Takes the runs of a trigger.
   *
   * @param database Where they are.
   * @param options Whose they are.
   */
  constructor(database: LedgerDatabase, options: TriggerRunsOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** Takes over from an earlier host. */
  resume(schedule: string, now: number): Resumption {
    return this.#database.batch(() => {
      const { application, trigger } = this.#options;
      const known = this.#database.get(
        "SELECT schedule, cursor, runs FROM cursors WHERE application = ? AND trigger = ?",
        application,
        trigger,
      );
      const before = Number(known?.["cursor"]);
      const isSame = known?.["schedule"] === schedule && before <= now + CLOCK_CORRECTION;
      this.#cursor = isSame ? before : now;
      const runs = known?.["schedule"] === schedule ? Number(known["runs"]) : 0;
      this.#database.run(
        "INSERT OR REPLACE INTO cursors (application, trigger, schedule, cursor, runs) " +
          "VALUES (?, ?, ?, ?, ?)",
        application,
        trigger,
        schedule,
        this.#cursor,
        runs,
      );
      this.#passed = undefined;
      return { cursor: this.#cursor, unfinished: this.#unfinished(), runs };
    });
  }

  /** Notes that a tick is to be run. */
  schedule(scheduled: number): number | undefined {
    if (scheduled <= this.#cursor) return undefined;
    return this.#database.batch(() => {
      const { application, trigger, component } = this.#options;
      this.#passed = undefined;
      const { id, changes } = this.#database.run(
        "INSERT OR IGNORE INTO runs (kind, application, trigger, component, scheduled, last, count) " +
          "VALUES ('tick', ?, ?, ?, ?, ?, 1)",
        application,
        trigger,
        component,
        scheduled,
        scheduled,
      );
      this.#moveTo(scheduled, changes);
      return changes === 0 ? undefined : id;
    });
  }

  /** Notes that ticks were due and are not run. */
  pass({ first, last, count, outcome, message }: PassedTicks): void {
    this.#database.batch(() => {
      const { application, trigger, component } = this.#options;
      this.#moveTo(last, 0);
      const reason = `${outcome}: ${message}`;
      if (this.#passed?.reason === reason) {
        this.#database.run(
          "UPDATE runs SET last = ?, count = count + ?, finished = ? WHERE id = ?",
          last,
          count ?? null,
          last,
          this.#passed.id,
        );
        return;
      }
      const { id } = this.#database.run(
        "INSERT INTO runs (kind, application, trigger, component, scheduled, last, count, " +
          "finished, outcome, message) VALUES ('passed', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        application,
        trigger,
        component,
        first,
        last,
        count ?? null,
        last,
        outcome,
        message,
      );
      this.#passed = { id, reason };
    });
  }

  /** Notes that an attempt starts. */
  start(run: number, now: number): void {
    this.#database.run(
      "UPDATE runs SET attempts = attempts + 1, started = coalesce(started, ?) WHERE id = ?",
      now,
      run,
    );
  }

  /** Keeps a line that a guest wrote. */
  write(run: number, { attempt, stream, line }: RunLine): void {
    const kept = this.#texts.get(run) ?? 0;
    if (kept >= MOST_TEXT) return;
    const isTooMuch = kept + line.length >= MOST_TEXT;
    this.#texts.set(run, kept + line.length + 1);
    const text = isTooMuch ? `${line.slice(0, MOST_TEXT - kept)} ... (the rest is not kept)` : line;
    this.#insertLine(run, { attempt, stream, line: text });
  }

  /** Notes how a run ended. */
  finish(run: number, result: RunResult, now: number): void {
    this.#texts.delete(run);
    this.#database.run(
      "UPDATE runs SET finished = ?, outcome = ?, message = ?, duration = ?, fuel = ?, cpu = ?, " +
        "output_size = ? WHERE id = ? AND outcome IS NULL",
      now,
      ...resultValues(result),
      run,
    );
    this.#options.onFinished(now);
  }

  /** Keeps a run that was started by hand. */
  record({ started, finished, result, lines }: ManualRun): number {
    const { application, trigger, component } = this.#options;
    return this.#database.batch(() => {
      const { id } = this.#database.run(
        "INSERT INTO runs (kind, application, trigger, component, scheduled, last, count, " +
          "attempts, started, finished, outcome, message, duration, fuel, cpu, output_size) " +
          "VALUES ('hand', ?, ?, ?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
        application,
        trigger,
        component,
        started,
        started,
        started,
        finished,
        ...resultValues(result),
      );
      for (const line of lines) this.write(id, line);
      this.#texts.delete(id);
      return id;
    });
  }

  #unfinished(): Resumption["unfinished"] {
    const { application, trigger } = this.#options;
    return this.#database.all(
      "SELECT id, scheduled, attempts FROM runs WHERE application = ? AND trigger = ? " +
        "AND outcome IS NULL ORDER BY scheduled",
      application,
      trigger,
    ).map((row) => ({
      id: Number(row["id"]),
      scheduled: Number(row["scheduled"]),
      attempts: Number(row["attempts"]),
    }));
  }

  /** A batch that is undone leaves the cursor of this object ahead; its host ends then. */
  #moveTo(scheduled: number, runs: number): void {
    const { application, trigger } = this.#options;
    this.#cursor = Math.max(this.#cursor, scheduled);
    this.#database.run(
      "UPDATE cursors SET cursor = ?, runs = runs + ? WHERE application = ? AND trigger = ?",
      this.#cursor,
      runs,
      application,
      trigger,
    );
  }

  #insertLine(run: number, { attempt, stream, line }: RunLine): void {
    this.#database.run(
      "INSERT INTO lines (run, attempt, stream, line) VALUES (?, ?, ?, ?)",
      run,
      attempt,
      stream,
      line,
    );
  }
}

function resultValues(result: RunResult): (string | number | null)[] {
  const { outcome, message, duration, fuel, cpu, outputSize } = result;
  return [
    outcome,
    message ?? null,
    duration ?? null,
    fuel === undefined ? null : Math.round(fuel),
    cpu ?? null,
    outputSize ?? 0,
  ];
}
