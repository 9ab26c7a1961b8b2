import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { codeOf, finishOne, NOW, open, runsOf, withDirectory } from "./open_ledger.ts";

const DAY = 86_400_000;

Deno.test("open() says what is wrong with a ledger, and leaves it as it is", async () => {
  await withDirectory(async (directory) => {
    assert.equal(codeOf(() => open({ directory, readOnly: true })), "ERR_STATE_MISSING");
    await Deno.mkdir(directory);
    const path = join(directory, "runs.db");
    await Deno.writeTextFile(path, "no database at all, but a text that is long enough to be one");
    assert.equal(codeOf(() => open({ directory })), "ERR_STATE_OPEN");
    assert.match(await Deno.readTextFile(path), /^no database/);
    await Deno.remove(path);
    open({ directory })[Symbol.dispose]();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    assert.equal(codeOf(() => open({ directory })), "ERR_STATE_VERSION");
    await Deno.writeTextFile(join(directory, "file"), "");
    assert.equal(codeOf(() => open({ directory: join(directory, "file") })), "ERR_STATE_OPEN");
  });
});

Deno.test("open() leaves a database of something else as it is", async () => {
  await withDirectory(async (directory) => {
    await Deno.mkdir(directory);
    const path = join(directory, "runs.db");
    const database = new DatabaseSync(path);
    database.exec("CREATE TABLE runs (a); CREATE TABLE laps (b)");
    database.close();
    const before = await Deno.readFile(path);
    assert.equal(codeOf(() => open({ directory })), "ERR_STATE_OPEN");
    assert.equal(codeOf(() => open({ directory, readOnly: true })), "ERR_STATE_OPEN");
    assert.deepEqual(await Deno.readFile(path), before);
  });
});

Deno.test("a database without tables is no ledger to read, and becomes one", async () => {
  await withDirectory(async (directory) => {
    await Deno.mkdir(directory);
    await Deno.writeFile(join(directory, "runs.db"), new Uint8Array());
    assert.equal(codeOf(() => open({ directory, readOnly: true })), "ERR_STATE_MISSING");
    using ledger = open({ directory });
    finishOne(runsOf(ledger), NOW + 1);
    using reader = open({ directory, readOnly: true });
    assert.equal(reader.list().length, 1);
  });
});

Deno.test("a damaged ledger is said to be so, and is left as it is", async () => {
  await withDirectory(async (directory) => {
    {
      using ledger = open({ directory });
      const runs = runsOf(ledger);
      ledger.batch(() => {
        for (let tick = 1; tick <= 1_000; tick++) finishOne(runs, NOW + tick);
      });
    }
    const path = join(directory, "runs.db");
    const bytes = await Deno.readFile(path);
    bytes.fill(0xab, 8_192); // all but the pages that say which tables there are
    await Deno.writeFile(path, bytes);
    assert.equal(codeOf(() => open({ directory, readOnly: true }).list()), "ERR_STATE_READ");
    assert.equal(codeOf(() => open({ directory })), "ERR_STATE_READ");
    assert.deepEqual(await Deno.readFile(path), bytes);
  });
});

Deno.test("open() gives the lock back if it fails", async () => {
  await withDirectory((directory) => {
    {
      using ledger = open({ directory });
      finishOne(runsOf(ledger), NOW + 1);
    }
    using database = new DatabaseSync(join(directory, "runs.db"));
    database.exec("CREATE TRIGGER no BEFORE DELETE ON runs BEGIN SELECT RAISE(FAIL, 'no'); END");
    const options = { directory, lock: true, now: NOW + 100 * DAY };
    assert.equal(codeOf(() => open(options)), "ERR_STATE_WRITE");
    database.exec("DROP TRIGGER no");
    using ledger = open(options);
    assert.deepEqual(ledger.list(), []);
  });
});

Deno.test("open() says if the lock's file cannot be made", async () => {
  await withDirectory(async (directory) => {
    await Deno.mkdir(join(directory, "runs.app.toml.lock"), { recursive: true });
    assert.equal(codeOf(() => open({ directory, lock: true })), "ERR_STATE_OPEN");
  });
});
