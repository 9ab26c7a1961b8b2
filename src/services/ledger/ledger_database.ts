/**
 * The database of a ledger: statements that are prepared once, transactions that nest, and errors
 * that say what to do.
 *
 * @module
 */

import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { messageOf, StateError } from "../../errors.ts";
import { createTables, isForeign, SCHEMA_VERSION, versionOf } from "./schema.ts";

/** How long (ms) to wait for another process that writes. */
const PATIENCE = 5_000;
const IN_MEMORY = ":memory:";
const HINT = "Name another directory with --state-dir, or keep no ledger with --no-state";

/** The log is copied into the file after 16 MiB and not after 4, because the host stands still then. */
const PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; " +
  "PRAGMA wal_autocheckpoint = 4000";

/** A row of a result. */
export type Row = Readonly<Record<string, unknown>>;

/** The values of a statement's parameters: in their order, or by their names. */
type Values = readonly SQLInputValue[] | readonly [Readonly<Record<string, SQLInputValue>>];

/** A database file, or one in memory. */
export class LedgerDatabase implements Disposable {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #isInTransaction = false;

  /**
   * Opens a database, and makes it if it is not there.
   *
   * @param directory Where `runs.db` is; in memory if absent.
   * @param options Whether it is only read: then it must be there.
   * @throws {StateError} `ERR_STATE_OPEN` or `ERR_STATE_VERSION`.
   */
  constructor(directory: string | undefined, { readOnly }: { readonly readOnly: boolean }) {
    this.#path = directory === undefined ? IN_MEMORY : join(directory, "runs.db");
    this.#database = this.#open(directory, readOnly);
  }

  /** Runs a statement that changes something. Returns the number of the last row that it added. */
  run(sql: string, ...values: Values): { readonly id: number; readonly changes: number } {
    try {
      const { lastInsertRowid, changes } = this.#prepare(sql).run(...values as SQLInputValue[]);
      return { id: Number(lastInsertRowid), changes: Number(changes) };
    } catch (cause) {
      throw this.#writeError(cause);
    }
  }

  /** Gives the first row of a result. */
  get(sql: string, ...values: Values): Row | undefined {
    return this.#read(() => this.#prepare(sql).get(...values as SQLInputValue[]));
  }

  /** Gives all rows of a result. */
  all(sql: string, ...values: Values): readonly Row[] {
    return this.#read(() => this.#prepare(sql).all(...values as SQLInputValue[]));
  }

  /**
   * Does many writes at once: all of them are kept, or none.
   *
   * @param work Writes, and does not wait. Within a batch it becomes a part of that.
   * @returns What it returns.
   */
  batch<T>(work: () => T): T {
    if (this.#isInTransaction) return work();
    this.run("BEGIN IMMEDIATE");
    this.#isInTransaction = true;
    try {
      const result = work();
      this.run("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.run("ROLLBACK");
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  #open(directory: string | undefined, readOnly: boolean): DatabaseSync {
    let database: DatabaseSync | undefined;
    try {
      if (readOnly) Deno.statSync(this.#path);
      else if (directory !== undefined) Deno.mkdirSync(directory, { recursive: true });
      database = new DatabaseSync(this.#path, { readOnly, timeout: PATIENCE });
      // What is no ledger of this version is seen before anything of it is changed.
      const version = versionOf(database);
      if (version > SCHEMA_VERSION) throw this.#versionError(version);
      if (isForeign(database)) throw new Error("it is a database of something else");
      if (readOnly && version === 0) throw this.#missingError();
      // A process that is killed loses nothing of what was written; a machine without power may lose
      // the last moments, but never the database.
      if (!readOnly) database.exec(PRAGMAS);
      if (!readOnly && version < SCHEMA_VERSION) createTables(database);
      return database;
    } catch (cause) {
      database?.close();
      if (cause instanceof StateError) throw cause;
      if (readOnly && cause instanceof Deno.errors.NotFound) {
        throw this.#missingError(cause);
      }
      const message = `Cannot open the ledger of runs ${this.#path}: ${messageOf(cause)}`;
      throw new StateError("ERR_STATE_OPEN", message, { cause, hint: HINT });
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const message = `Cannot read the ledger of runs ${this.#path}: ${messageOf(cause)}`;
      throw new StateError("ERR_STATE_READ", message, { cause, hint: HINT });
    }
  }

  #missingError(cause?: unknown): StateError {
    return new StateError("ERR_STATE_MISSING", `There is no ledger of runs ${this.#path}`, {
      cause,
    });
  }

  #writeError(cause: unknown): StateError {
    const message = `Cannot write the ledger of runs ${this.#path}: ${messageOf(cause)}`;
    return new StateError("ERR_STATE_WRITE", message, { cause, hint: HINT });
  }

  #versionError(version: number): StateError {
    return new StateError(
      "ERR_STATE_VERSION",
      `The ledger of runs ${this.#path} was made by a newer Gyre: it has version ${version}, and ` +
        `this one knows ${SCHEMA_VERSION}`,
      { hint: `Run the newer Gyre. ${HINT}` },
    );
  }
}
