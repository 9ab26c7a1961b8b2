/**
 * The ledger of runs: every tick's life, in an embedded SQLite file. It is written before a tick is
 * run and right after, so that a host that is killed at any moment loses no run that it finished, and
 * the next one knows what was not run.
 *
 * @module
 */

import { LedgerDatabase, type Row } from "./ledger_database.ts";
import { lockLedger } from "./ledger_lock.ts";
import type { RunLine, RunOutcome, RunRecord } from "./run_record.ts";
import { SqliteTriggerRuns } from "./sqlite_trigger_runs.ts";
import type { TriggerRuns } from "./trigger_runs.ts";

/** How much is kept of runs that are finished. */
export interface LedgerKeep {
  /** For how long, in ms. */
  readonly age: number;
  /** How many, over all applications in the directory. */
  readonly count: number;
  /** Of how many of them what their guests wrote is kept, too. */
  readonly outputs: number;
}

const DEFAULT_KEEP: LedgerKeep = { age: 30 * 86_400_000, count: 100_000, outputs: 1_000 };
/** What is kept where it costs memory. */
const DEFAULT_KEEP_IN_MEMORY: LedgerKeep = { ...DEFAULT_KEEP, count: 1_000, outputs: 100 };
/** After how many new rows old ones are removed. */
const PRUNE_EVERY = 1_000;
/**
 * How many are removed at once at most, so that no tick waits long for it; more than were added, so
 * that it comes to an end.
 */
const PRUNE_MOST = 2_000;
/** Finished runs that are too old or too many. Only the oldest are looked at, however many there are. */
const OLD_RUNS = `SELECT id FROM (
  SELECT id, finished FROM runs WHERE outcome IS NOT NULL ORDER BY id LIMIT :most
) WHERE finished < :oldest OR id <= :last`;
const DEFAULT_LIMIT = 100;

/** Options of {@linkcode RunLedger.open}. */
export interface LedgerOptions {
  /** The directory of its file; kept in memory if absent. */
  readonly directory?: string;
  /** The name under which the application is kept. */
  readonly application: string;
  /** The time, in ms since the Unix epoch. */
  readonly now: number;
  /** Whether it is an error if another process has it so, too. Default: no. */
  readonly lock?: boolean;
  /** Whether nothing is to be written. Default: no. */
  readonly readOnly?: boolean;
  /**
   * How much is kept. Default: 30 days, 100,000 runs and the output of 1,000 of them; in memory 1,000
   * runs and the output of 100.
   */
  readonly keep?: LedgerKeep;
}

/** Which runs are wanted. */
export interface RunFilter {
  /** Those of this component; of all if absent. */
  readonly component?: string;
  /** Those of this trigger; of all if absent. */
  readonly trigger?: string;
  /** Those that ended so; all if absent. */
  readonly outcomes?: readonly RunOutcome[];
  /** Those that were scheduled then or later, in ms since the Unix epoch. */
  readonly since?: number;
  /** How many at most. Default 100. */
  readonly limit?: number;
}

/** The runs of one application. */
export class RunLedger implements Disposable {
  readonly #database: LedgerDatabase;
  readonly #application: string;
  readonly #keep: LedgerKeep;
  /** What it holds once it is open. */
  #resources = new DisposableStack();
  /** How many rows were added since old ones were removed. */
  #added = 0;

  private constructor(
    database: LedgerDatabase,
    { application, directory, keep }: LedgerOptions,
  ) {
    this.#database = database;
    this.#application = application;
    this.#keep = keep ?? (directory === undefined ? DEFAULT_KEEP_IN_MEMORY : DEFAULT_KEEP);
  }

  /**
   * Opens a ledger.
   *
   * @param options Where it is, and whose.
   * @returns The ledger. Dispose it.
   * @throws {StateError} `ERR_STATE_OPEN`, `ERR_STATE_VERSION` or `ERR_STATE_LOCKED`;
   * `ERR_STATE_MISSING` if there is nothing to read; `ERR_STATE_READ` or `ERR_STATE_WRITE` if it is
   * damaged or cannot be written.
   */
  static open(options: LedgerOptions): RunLedger {
    const { directory, application, now, lock = false, readOnly = false } = options;
    using resources = new DisposableStack();
    const database = resources.use(new LedgerDatabase(directory, { readOnly }));
    if (lock && directory !== undefined) resources.use(lockLedger(directory, application));
    const ledger = new RunLedger(database, options);
    if (!readOnly) ledger.prune(now);
    ledger.#resources = resources.move();
    return ledger;
  }

  /**
   * Gives the part of the ledger that one trigger writes.
   *
   * @param id The trigger's id.
   * @param component The id of the component that it calls.
   * @returns Its runs.
   */
  trigger(id: string, component: string): TriggerRuns {
    return new SqliteTriggerRuns(this.#database, {
      application: this.#application,
      trigger: id,
      component,
      onFinished: (now, added) => {
        this.#added += added;
        if (this.#added < PRUNE_EVERY) return;
        this.#added -= PRUNE_EVERY;
        this.prune(now);
      },
    });
  }

  /**
   * Does many writes at once: all of them are kept, or none.
   *
   * @param work Writes, and does not wait. Within a batch it becomes a part of that.
   * @returns What it returns.
   * @throws {StateError} `ERR_STATE_WRITE`.
   */
  batch<T>(work: () => T): T {
    return this.#database.batch(work);
  }

  /**
   * Lists runs.
   *
   * @param filter Which are wanted.
   * @returns The runs, the latest first.
   */
  list(filter: RunFilter = {}): readonly RunRecord[] {
    const { component, trigger, outcomes, since, limit = DEFAULT_LIMIT } = filter;
    return this.#database.all(
      `SELECT * FROM runs WHERE application = :application
         AND (:component IS NULL OR component = :component)
         AND (:trigger IS NULL OR trigger = :trigger)
         AND (:outcomes IS NULL OR outcome IN (SELECT value FROM json_each(:outcomes)))
         AND (:since IS NULL OR last >= :since)
       ORDER BY scheduled DESC, id DESC LIMIT :limit`,
      {
        application: this.#application,
        component: component ?? null,
        trigger: trigger ?? null,
        outcomes: outcomes === undefined ? null : JSON.stringify(outcomes),
        since: since ?? null,
        limit: Number.isFinite(limit) ? limit : -1,
      },
    ).map(toRecord);
  }

  /**
   * Finds a run.
   *
   * @param id Its number.
   * @returns The run; `undefined` if there is none, or none any more.
   */
  find(id: number): RunRecord | undefined {
    const row = this.#database.get(
      "SELECT * FROM runs WHERE id = ? AND application = ?",
      id,
      this.#application,
    );
    return row && toRecord(row);
  }

  /**
   * Gives what the guests of a run wrote.
   *
   * @param id The run's number.
   * @returns The lines, in their order.
   */
  lines(id: number): readonly RunLine[] {
    return this.#database.all(
      "SELECT * FROM lines WHERE run = (SELECT id FROM runs WHERE id = ? AND application = ?) " +
        "ORDER BY id",
      id,
      this.#application,
    ).map((row) => ({
      attempt: Number(row["attempt"]),
      stream: row["stream"] === "stderr" ? "stderr" : "stdout",
      line: String(row["line"]),
    }));
  }

  /**
   * Removes finished runs that are too old or too many, some at a time. What the schedules need to go
   * on is kept for ever.
   *
   * @param now The time, in ms since the Unix epoch.
   */
  prune(now: number): void {
    const { age, count, outputs } = this.#keep;
    const latest = Number(this.#database.get("SELECT max(id) AS id FROM runs")?.["id"] ?? 0);
    const old = { oldest: now - age, last: latest - count, most: PRUNE_MOST };
    this.#database.batch(() => {
      this.#database.run(
        `DELETE FROM lines WHERE id IN (
           SELECT id FROM lines WHERE run <= :latest
           UNION ALL SELECT id FROM lines WHERE run IN (${OLD_RUNS}) LIMIT :most)`,
        { latest: latest - outputs, ...old },
      );
      // One with many lines stays until they are gone.
      this.#database.run(
        `DELETE FROM runs WHERE id IN (${OLD_RUNS})
           AND NOT EXISTS (SELECT 1 FROM lines WHERE run = runs.id)`,
        old,
      );
    });
  }

  /** Closes it, and gives back its lock. */
  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}

function toRecord(row: Row): RunRecord {
  const number = (key: string) => row[key] === null ? undefined : Number(row[key]);
  const outcome = row["outcome"] === null ? undefined : String(row["outcome"]) as RunOutcome;
  const optional = {
    started: number("started"),
    finished: number("finished"),
    outcome,
    message: row["message"] === null ? undefined : String(row["message"]),
    duration: number("duration"),
    fuel: number("fuel"),
    cpu: number("cpu"),
  };
  return {
    id: Number(row["id"]),
    trigger: String(row["trigger"]),
    component: String(row["component"]),
    scheduled: Number(row["scheduled"]),
    scheduledLast: Number(row["last"]),
    count: number("count"),
    manual: row["kind"] === "hand",
    state: outcome !== undefined ? "finished" : row["attempts"] === 0 ? "scheduled" : "running",
    attempts: Number(row["attempts"]),
    outputSize: Number(row["output_size"]),
    ...withoutUndefined(optional),
  };
}

/** Leaves out what is not there. */
function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: NonNullable<T[K]> };
}
