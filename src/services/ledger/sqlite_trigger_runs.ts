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
/** How many lines of it are kept: each is written on the spot, however short it is. */
const MOST_LINES = 1_024;
const REST = "... (the rest is not kept)";

/** Whose runs they are. */
export interface TriggerRunsOptions {
  /** The name under which the application is kept. */
  readonly application: string;
  /** The trigger's id. */
  readonly trigger: string;
  /** The id of the component that it calls. */
  readonly component: string;
  /**
   * Told when a run is finished, with the time in ms since the Unix epoch and how many rows were added
   * since it was told before.
   */
  readonly onFinished: (now: number, added: number) => void;
}

/** The runs of one trigger, in SQLite. */
export class SqliteTriggerRuns implements TriggerRuns {
  readonly #database: LedgerDatabase;
  readonly #options: TriggerRunsOptions;
  /** How much was kept of what the guests of runs that are under way wrote. */
  readonly #written = new Map<number, { readonly lines: number; readonly text: number }>();
  /** The row that the last passed ticks are in, while nothing else came after. */
  #passed: { readonly id: number; readonly reason: string } | undefined;
  #cursor = -Infinity;
  /** How many rows were added since {@linkcode TriggerRunsOptions.onFinished} was told. */
  #added = 0;

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
      this.#added += changes;
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
        const { changes } = this.#database.run(
          "UPDATE runs SET last = ?, count = count + ?, finished = ? WHERE id = ?",
          last,
          count ?? null,
          last,
          this.#passed.id,
        );
        // A row that went on for very long was removed as one of too many.
        if (changes > 0) return;
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
      this.#added += 1;
      this.#passed = { id, reason };
    });
  }

  /** Notes that an attempt starts. */
  start(run: number, now: number): void {
    this.#database.run(
      "UPDATE runs SET attempts = attempts + 1, started = coalesce(started, ?) WHERE id = ?",
      Math.floor(now),
      run,
    );
  }

  /** Keeps a line that a guest wrote. */
  write(run: number, { attempt, stream, line }: RunLine): void {
    const { lines, text } = this.#written.get(run) ?? { lines: 0, text: 0 };
    if (lines >= MOST_LINES || text >= MOST_TEXT) return;
    const isLast = lines + 1 === MOST_LINES || text + line.length >= MOST_TEXT;
    this.#written.set(run, { lines: lines + 1, text: text + line.length + 1 });
    // SQLite's text ends at the first NUL.
    const whole = line.replaceAll("\0", "\ufffd");
    const kept = isLast ? `${whole.slice(0, MOST_TEXT - text)} ${REST}` : whole;
    this.#insertLine(run, { attempt, stream, line: kept });
  }

  /** Notes how a run ended. */
  finish(run: number, result: RunResult, now: number): void {
    this.#written.delete(run);
    this.#database.run(
      "UPDATE runs SET finished = ?, outcome = ?, message = ?, duration = ?, fuel = ?, cpu = ?, " +
        "output_size = ? WHERE id = ? AND outcome IS NULL",
      Math.floor(now),
      ...resultValues(result),
      run,
    );
    this.#tellFinished(now);
  }

  /** Keeps a run that was started by hand. */
  record({ started, finished, result, lines }: ManualRun): number {
    const { application, trigger, component } = this.#options;
    const start = Math.floor(started);
    return this.#database.batch(() => {
      const { id } = this.#database.run(
        "INSERT INTO runs (kind, application, trigger, component, scheduled, last, count, " +
          "attempts, started, finished, outcome, message, duration, fuel, cpu, output_size) " +
          "VALUES ('hand', ?, ?, ?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
        application,
        trigger,
        component,
        start,
        start,
        start,
        Math.floor(finished),
        ...resultValues(result),
      );
      this.#added += 1;
      for (const line of lines) this.write(id, line);
      this.#written.delete(id);
      this.#tellFinished(finished);
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
    this.#added += 1;
  }

  #tellFinished(now: number): void {
    const added = this.#added;
    this.#added = 0;
    this.#options.onFinished(now, added);
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
