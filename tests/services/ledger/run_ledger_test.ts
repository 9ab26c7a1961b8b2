import assert from "node:assert/strict";
import { join } from "node:path";
import { StateError } from "../../../src/errors.ts";
import { applicationKey } from "../../../src/services/ledger/application_key.ts";
import { type LedgerOptions, RunLedger } from "../../../src/services/ledger/run_ledger.ts";
import type { RunRecord } from "../../../src/services/ledger/run_record.ts";
import type { TriggerRuns } from "../../../src/services/ledger/trigger_runs.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 1);
const KEY = "every hour";

async function withDirectory(work: (directory: string) => void | Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-test-" });
  try {
    await work(join(directory, "state"));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function open(options: Partial<LedgerOptions> = {}): RunLedger {
  return RunLedger.open({ application: "app.toml", now: NOW, ...options });
}

/** A trigger's runs, resumed at the start of the year. */
function runsOf(ledger: RunLedger, trigger = "t"): TriggerRuns {
  const runs = ledger.trigger(trigger, "c");
  runs.resume(KEY, NOW);
  return runs;
}

function finishOne(runs: TriggerRuns, scheduled: number): number {
  const id = runs.schedule(scheduled);
  assert.ok(id !== undefined);
  runs.start(id, scheduled);
  runs.finish(id, { outcome: "ok" }, scheduled);
  return id;
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof StateError, String(error));
    return error.code;
  }
  return "none";
}

Deno.test("a run's record grows from scheduled over running to finished", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = runs.schedule(NOW + HOUR) ?? 0;
  const scheduled: RunRecord = {
    id,
    trigger: "t",
    component: "c",
    scheduled: NOW + HOUR,
    scheduledLast: NOW + HOUR,
    count: 1,
    manual: false,
    state: "scheduled",
    attempts: 0,
    outputSize: 0,
  };
  assert.deepEqual(ledger.find(id), scheduled);
  runs.start(id, NOW + HOUR + 1);
  const started = NOW + HOUR + 1;
  assert.deepEqual(ledger.find(id), { ...scheduled, state: "running", attempts: 1, started });
  runs.start(id, NOW + HOUR + 500);
  const result = {
    outcome: "trap",
    message: "unreachable",
    duration: 1.5,
    fuel: 300,
    cpu: 0.25,
    outputSize: 12,
  } as const;
  runs.finish(id, result, NOW + HOUR + 600);
  assert.deepEqual(ledger.find(id), {
    ...scheduled,
    state: "finished",
    attempts: 2,
    started,
    finished: NOW + HOUR + 600,
    ...result,
  });
});

Deno.test("finish() does not change a run that is finished", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = finishOne(runs, NOW + HOUR);
  runs.finish(id, { outcome: "trap" }, NOW + 2 * HOUR);
  assert.equal(ledger.find(id)?.outcome, "ok");
});

Deno.test("schedule() takes each nominal time once, and none before the cursor", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  assert.equal(typeof runs.schedule(NOW + 2 * HOUR), "number");
  assert.equal(runs.schedule(NOW + 2 * HOUR), undefined);
  assert.equal(runs.schedule(NOW + HOUR), undefined);
  assert.equal(runs.schedule(NOW), undefined);
  assert.equal(typeof runsOf(ledger, "other").schedule(NOW + HOUR), "number");
});

Deno.test("pass() makes one record of ticks that follow each other for one reason", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const pass = (hour: number, outcome: "missed" | "skipped", message: string) => {
    const time = NOW + hour * HOUR;
    runs.pass({ first: time, last: time, count: 1, outcome, message });
  };
  pass(1, "skipped", "a");
  pass(2, "skipped", "a");
  pass(3, "skipped", "b");
  pass(4, "missed", "b");
  finishOne(runs, NOW + 5 * HOUR);
  pass(6, "missed", "b");
  const shown = ledger.list().toReversed().map(({ scheduled, scheduledLast, count, outcome }) => [
    (scheduled - NOW) / HOUR,
    (scheduledLast - NOW) / HOUR,
    count,
    outcome,
  ]);
  assert.deepEqual(shown, [
    [1, 2, 2, "skipped"],
    [3, 3, 1, "skipped"],
    [4, 4, 1, "missed"],
    [5, 5, 1, "ok"],
    [6, 6, 1, "missed"],
  ]);
  assert.equal(runs.schedule(NOW + 6 * HOUR), undefined);
});

Deno.test("pass() of uncounted ticks leaves the count open, also for those that follow", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const outcome = "missed";
  runs.pass({ first: NOW + 1, last: NOW + 9, count: undefined, outcome, message: "m" });
  runs.pass({ first: NOW + 10, last: NOW + 10, count: 1, outcome, message: "m" });
  const [record, ...others] = ledger.list();
  assert.deepEqual(others, []);
  assert.equal(record?.count, undefined);
  assert.equal(record?.scheduledLast, NOW + 10);
});

Deno.test("resume() gives the cursor, the number of runs, and what is not finished", async () => {
  await withDirectory((directory) => {
    {
      using ledger = open({ directory });
      const runs = runsOf(ledger);
      finishOne(runs, NOW + HOUR);
      runs.schedule(NOW + 2 * HOUR);
      runs.start(runs.schedule(NOW + 3 * HOUR) ?? 0, NOW);
      runs.pass({
        first: NOW + 4 * HOUR,
        last: NOW + 4 * HOUR,
        count: 1,
        outcome: "missed",
        message: "m",
      });
    }
    using ledger = open({ directory });
    const { cursor, runs, unfinished } = ledger.trigger("t", "c").resume(KEY, NOW + 9 * HOUR);
    assert.equal(cursor, NOW + 4 * HOUR);
    assert.equal(runs, 3);
    assert.deepEqual(unfinished.map(({ scheduled, attempts }) => [scheduled - NOW, attempts]), [
      [2 * HOUR, 0],
      [3 * HOUR, 1],
    ]);
  });
});

Deno.test("resume() begins now for a trigger that is new, or has another schedule", () => {
  using ledger = open();
  const runs = ledger.trigger("t", "c");
  assert.deepEqual(runs.resume(KEY, NOW), { cursor: NOW, unfinished: [], runs: 0 });
  finishOne(runs, NOW + HOUR);
  assert.equal(runs.resume(KEY, NOW + 5 * HOUR).cursor, NOW + HOUR);
  assert.deepEqual(runs.resume("every day", NOW + 5 * HOUR), {
    cursor: NOW + 5 * HOUR,
    unfinished: [],
    runs: 0,
  });
});

Deno.test("resume() waits for a clock that went back by up to 3 h, and follows one that went further", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = finishOne(runs, NOW + 10 * HOUR);
  assert.equal(runs.resume(KEY, NOW + 7 * HOUR).cursor, NOW + 10 * HOUR);
  assert.equal(runs.resume(KEY, NOW + 7 * HOUR - 1).cursor, NOW + 7 * HOUR - 1);
  assert.equal(typeof runs.schedule(NOW + 9 * HOUR), "number");
  assert.equal(runs.schedule(NOW + 10 * HOUR), undefined, "it ran, and does not run again");
  assert.equal(ledger.find(id)?.attempts, 1);
});

Deno.test("write() keeps what guests write, up to 64 KiB of text a run", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = runs.schedule(NOW + 1) ?? 0;
  runs.write(id, { attempt: 1, stream: "stdout", line: "a" });
  runs.write(id, { attempt: 2, stream: "stderr", line: "b" });
  assert.deepEqual(ledger.lines(id), [
    { attempt: 1, stream: "stdout", line: "a" },
    { attempt: 2, stream: "stderr", line: "b" },
  ]);
  for (let line = 0; line < 100; line++) {
    runs.write(id, { attempt: 2, stream: "stdout", line: "x".repeat(1_000) });
  }
  const lines = ledger.lines(id);
  const text = lines.reduce((sum, { line }) => sum + line.length, 0);
  assert.ok(text > 65_000 && text < 66_000, `${text}`);
  assert.match(lines.at(-1)?.line ?? "", /^x+ \.\.\. \(the rest is not kept\)$/);
});

Deno.test("record() keeps a run by hand beside a tick of the same time", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  finishOne(runs, NOW + 1);
  const id = runs.record({
    started: NOW + 1,
    finished: NOW + 2,
    result: { outcome: "guest-error", message: "no" },
    lines: [{ attempt: 1, stream: "stdout", line: "hi" }],
  });
  const record = ledger.find(id);
  assert.equal(record?.manual, true);
  assert.equal(record?.state, "finished");
  assert.equal(ledger.lines(id).length, 1);
  assert.deepEqual(runs.resume(KEY, NOW + 3), { cursor: NOW + 1, unfinished: [], runs: 1 });
});

Deno.test("batch() keeps all of its writes, or none", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  assert.throws(() =>
    ledger.batch(() => {
      runs.schedule(NOW + 1);
      ledger.batch(() => runs.schedule(NOW + 2));
      throw new RangeError("on purpose");
    }), RangeError);
  assert.deepEqual(ledger.list(), []);
  const value = ledger.batch(() => {
    runs.schedule(NOW + 3);
    return "v";
  });
  assert.equal(value, "v");
  assert.equal(ledger.list().length, 1);
});

Deno.test("list() filters by trigger, component, outcome and time, the latest first", () => {
  using ledger = open();
  const [a, b] = [runsOf(ledger, "a"), ledger.trigger("b", "d")];
  b.resume(KEY, NOW);
  for (const hour of [1, 3, 5]) finishOne(a, NOW + hour * HOUR);
  for (const hour of [2, 4]) {
    b.finish(b.schedule(NOW + hour * HOUR) ?? 0, { outcome: "trap" }, NOW);
  }
  const hours = (filter: Parameters<RunLedger["list"]>[0]) =>
    ledger.list(filter).map(({ scheduled }) => (scheduled - NOW) / HOUR);
  assert.deepEqual(hours({}), [5, 4, 3, 2, 1]);
  assert.deepEqual(hours({ trigger: "a" }), [5, 3, 1]);
  assert.deepEqual(hours({ component: "d" }), [4, 2]);
  assert.deepEqual(hours({ outcomes: ["trap", "timeout"] }), [4, 2]);
  assert.deepEqual(hours({ since: NOW + 3 * HOUR }), [5, 4, 3]);
  assert.deepEqual(hours({ limit: 2 }), [5, 4]);
  assert.deepEqual(hours({ trigger: "none" }), []);
});

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

Deno.test("applications in one directory have ledgers of their own", async () => {
  await withDirectory((directory) => {
    using a = open({ directory, application: "a.toml", lock: true });
    using b = open({ directory, application: "b.toml", lock: true });
    const id = finishOne(runsOf(a), NOW + 1);
    finishOne(runsOf(b), NOW + 1);
    assert.equal(a.list().length, 1);
    assert.equal(b.list().length, 1);
    assert.equal(b.find(id), undefined);
  });
});

Deno.test("applicationKey() is the name of the manifest", () => {
  assert.equal(applicationKey({ origin: "/srv/jobs/app.toml" }), "app.toml");
});

Deno.test("a second host of one application is refused, until the first has ended", async () => {
  await withDirectory((directory) => {
    {
      using _first = open({ directory, lock: true });
      assert.equal(codeOf(() => open({ directory, lock: true })), "ERR_STATE_LOCKED");
      using reader = open({ directory, readOnly: true });
      assert.deepEqual(reader.list(), []);
    }
    using second = open({ directory, lock: true });
    assert.deepEqual(second.list(), []);
  });
});

Deno.test("a reader sees what a host writes, and cannot write", async () => {
  await withDirectory((directory) => {
    using ledger = open({ directory });
    using reader = open({ directory, readOnly: true });
    finishOne(runsOf(ledger), NOW + 1);
    assert.equal(reader.list().length, 1);
    assert.equal(codeOf(() => reader.trigger("t", "c").schedule(NOW + 5)), "ERR_STATE_WRITE");
  });
});

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
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    assert.equal(codeOf(() => open({ directory })), "ERR_STATE_VERSION");
    await Deno.writeTextFile(join(directory, "file"), "");
    assert.equal(codeOf(() => open({ directory: join(directory, "file") })), "ERR_STATE_OPEN");
  });
});
