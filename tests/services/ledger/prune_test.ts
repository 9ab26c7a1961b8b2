import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { finishOne, KEY, NOW, open, runsOf, withDirectory } from "./open_ledger.ts";

const DAY = 86_400_000;

Deno.test("prune() removes finished runs that are too old or too many, with their lines", () => {
  using ledger = open({ keep: { age: 2 * DAY, count: 5, outputs: 5 } });
  const runs = runsOf(ledger);
  const unfinished = runs.schedule(NOW + 1) ?? 0;
  const old = finishOne(runs, NOW + 2);
  runs.write(old, { attempt: 1, stream: "stdout", line: "x" });
  ledger.prune(NOW + 2 * DAY);
  assert.equal(ledger.find(old)?.id, old);
  ledger.prune(NOW + 3 * DAY);
  assert.equal(ledger.find(old), undefined);
  assert.deepEqual(ledger.lines(old), []);
  const ids = Array.from({ length: 10 }, (_, n) => finishOne(runs, NOW + 3 * DAY + n));
  ledger.prune(NOW + 3 * DAY + 10);
  const kept = ledger.list().map(({ id }) => id).toReversed();
  assert.deepEqual(kept, [unfinished, ...ids.slice(-5)]);
  assert.equal(runs.schedule(NOW + 2), undefined, "what was removed does not run again");
  assert.equal(runs.resume(KEY, NOW + 3 * DAY).cursor, NOW + 3 * DAY + 9);
});

Deno.test("prune() removes what guests of older runs wrote, and keeps the runs", () => {
  using ledger = open({ keep: { age: DAY, count: 100, outputs: 2 } });
  const runs = runsOf(ledger);
  const ids = [1, 2, 3, 4].map((tick) => {
    const id = finishOne(runs, NOW + tick);
    runs.write(id, { attempt: 1, stream: "stdout", line: "x" });
    return id;
  });
  ledger.prune(NOW + 5);
  assert.deepEqual(ids.map((id) => ledger.lines(id).length), [0, 0, 1, 1]);
  assert.equal(ledger.list().length, 4);
});

Deno.test("old runs are removed while new ones come", () => {
  using ledger = open({ keep: { age: DAY, count: 100, outputs: 10 } });
  const runs = runsOf(ledger);
  ledger.batch(() => {
    for (let tick = 1; tick <= 3_000; tick++) finishOne(runs, NOW + tick);
  });
  assert.ok(ledger.list({ limit: Infinity }).length <= 1_100);
});

Deno.test("what guests write is removed as fast as it comes", async () => {
  await withDirectory((directory) => {
    using ledger = open({ directory, keep: { age: DAY, count: 100_000, outputs: 10 } });
    const runs = runsOf(ledger);
    ledger.batch(() => {
      for (let tick = 1; tick <= 1_000; tick++) {
        const id = runs.schedule(NOW + tick) ?? 0;
        for (let line = 0; line < 20; line++) {
          runs.write(id, { attempt: 1, stream: "stdout", line: `${line}` });
        }
        runs.finish(id, { outcome: "ok" }, NOW + tick);
      }
    });
    using database = new DatabaseSync(join(directory, "runs.db"), { readOnly: true });
    const lines = Number(database.prepare("SELECT count(*) AS n FROM lines").get()?.["n"]);
    assert.ok(lines >= 200 && lines <= 2_000, `${lines} lines of 20,000 are left`);
    assert.equal(ledger.list({ limit: Infinity }).length, 1_000);
  });
});

Deno.test("prune() removes a run once all that its guest wrote is removed", () => {
  using ledger = open({ keep: { age: DAY, count: 100, outputs: 100 } });
  const runs = runsOf(ledger);
  const ids = [1, 2, 3].map((tick) => {
    const id = runs.schedule(NOW + tick) ?? 0;
    ledger.batch(() => {
      for (let line = 0; line < 1_000; line++) {
        runs.write(id, { attempt: 1, stream: "stdout", line: `${line}` });
      }
    });
    return id;
  });
  for (const id of ids) runs.finish(id, { outcome: "ok" }, NOW + 10);
  ledger.prune(NOW + 2 * DAY);
  assert.deepEqual(ledger.list().map(({ id }) => id), ids.slice(-1));
  ledger.prune(NOW + 2 * DAY);
  assert.deepEqual(ledger.list(), []);
  assert.deepEqual(ids.flatMap((id) => ledger.lines(id)), []);
});

Deno.test("prune() goes on behind any number of runs that nobody finished", () => {
  using ledger = open({ keep: { age: DAY, count: 10, outputs: 10 } });
  const [left, runs] = [runsOf(ledger, "left"), runsOf(ledger)];
  ledger.batch(() => {
    for (let tick = 1; tick <= 2_500; tick++) left.schedule(NOW + tick);
    for (let tick = 1; tick <= 100; tick++) finishOne(runs, NOW + tick);
  });
  ledger.prune(NOW + 200);
  assert.equal(ledger.list({ trigger: "t", limit: Infinity }).length, 10);
  assert.equal(ledger.list({ trigger: "left", limit: Infinity }).length, 2_500);
});

Deno.test("pass() begins a new record if the one that it would extend was removed", () => {
  using ledger = open({ keep: { age: DAY, count: 5, outputs: 5 } });
  const [busy, runs] = [runsOf(ledger, "busy"), runsOf(ledger)];
  const pass = (tick: number) => {
    const time = NOW + tick;
    busy.pass({ first: time, last: time, count: 1, outcome: "skipped", message: "m" });
  };
  pass(1);
  for (let tick = 1; tick <= 20; tick++) finishOne(runs, NOW + tick);
  ledger.prune(NOW + 21);
  pass(21);
  pass(22);
  const shown = ledger.list({ trigger: "busy" }).map(({ scheduled, scheduledLast, count }) => [
    scheduled - NOW,
    scheduledLast - NOW,
    count,
  ]);
  assert.deepEqual(shown, [[21, 22, 2]]);
});
