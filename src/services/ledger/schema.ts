/**
 * The tables of the ledger.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** Raised by one with every change of the tables. */
export const SCHEMA_VERSION = 1;
const OWN_TABLES = 3;

/**
 * `cursors` has, for each trigger, the nominal time up to which its ticks were seen to. `runs` has
 * three kinds of rows: a `tick` from the moment it is scheduled, ticks that `passed` and were not
 * scheduled, from `scheduled` to `last`, and what was run by `hand`. The index makes it impossible to
 * schedule a tick twice; it begins with the time, so that the ticks of one moment are side by side.
 */
const TABLES = `
CREATE TABLE cursors (
  application TEXT NOT NULL,
  trigger TEXT NOT NULL,
  schedule TEXT NOT NULL,
  cursor INTEGER NOT NULL,
  runs INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (application, trigger)
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  application TEXT NOT NULL,
  trigger TEXT NOT NULL,
  component TEXT NOT NULL,
  scheduled INTEGER NOT NULL,
  last INTEGER NOT NULL,
  count INTEGER,
  kind TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  started INTEGER,
  finished INTEGER,
  outcome TEXT,
  message TEXT,
  duration REAL,
  fuel INTEGER,
  cpu REAL,
  output_size INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX ticks ON runs (scheduled, application, trigger) WHERE kind = 'tick';
CREATE INDEX unfinished ON runs (application, trigger) WHERE outcome IS NULL;
CREATE TABLE lines (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  stream TEXT NOT NULL,
  line TEXT NOT NULL
) STRICT;
CREATE INDEX lines_of_run ON lines (run);
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Makes the tables where there are none yet.
 *
 * @param database The database. Close it if this fails.
 */
export function createTables(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  // Another process may have made them while this one waited.
  if (versionOf(database) === 0) database.exec(TABLES);
  database.exec("COMMIT");
}

/**
 * Says whether a database has tables of something else.
 *
 * @param database The database.
 * @returns Whether it has; a database without any table has not.
 */
export function isForeign(database: DatabaseSync): boolean {
  const { tables, own } = database.prepare(
    "SELECT count(*) AS tables, coalesce(sum(name IN ('cursors', 'runs', 'lines')), 0) AS own " +
      "FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  ).get() ?? {};
  return Number(tables) > 0 && Number(own) < OWN_TABLES;
}

/**
 * Reads which version of the tables a database has.
 *
 * @param database The database.
 * @returns The version; 0 if it has none.
 */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}
