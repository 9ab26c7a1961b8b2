import assert from "node:assert/strict";
import { applicationKey } from "../../../src/services/ledger/application_key.ts";
import type { RunLedger } from "../../../src/services/ledger/run_ledger.ts";
import type { RunRecord } from "../../../src/services/ledger/run_record.ts";
import { codeOf, finishOne, KEY, NOW, open, runsOf, withDirectory } from "./open_ledger.ts";

const HOUR = 3_600_000;

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

Deno.test("write() keeps 1,024 lines a run, however short", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = runs.schedule(NOW + 1) ?? 0;
  for (let line = 0; line < 2_000; line++) {
    runs.write(id, { attempt: 1, stream: "stdout", line: "" });
  }
  const lines = ledger.lines(id);
  assert.equal(lines.length, 1_024);
  assert.equal(lines.at(-1)?.line, " ... (the rest is not kept)");
});

Deno.test("write() keeps what follows a NUL", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = runs.schedule(NOW + 1) ?? 0;
  runs.write(id, { attempt: 1, stream: "stdout", line: "a\0b" });
  assert.deepEqual(ledger.lines(id), [{ attempt: 1, stream: "stdout", line: "a\ufffdb" }]);
});

Deno.test("times of a clock that is finer than ms are kept in whole ms", () => {
  using ledger = open();
  const runs = runsOf(ledger);
  const id = runs.schedule(NOW + 1) ?? 0;
  runs.start(id, NOW + 1.75);
  runs.finish(id, { outcome: "ok" }, NOW + 2.5);
  const hand = runs.record({
    started: NOW + 3.5,
    finished: NOW + 4.5,
    result: { outcome: "ok" },
    lines: [],
  });
  const timesOf = (run: number) => [ledger.find(run)?.started, ledger.find(run)?.finished];
  assert.deepEqual(timesOf(id), [NOW + 1, NOW + 2]);
  assert.deepEqual(timesOf(hand), [NOW + 3, NOW + 4]);
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

Deno.test("applications in one directory have ledgers of their own", async () => {
  await withDirectory((directory) => {
    using a = open({ directory, application: "a.toml", lock: true });
    using b = open({ directory, application: "b.toml", lock: true });
    const id = finishOne(runsOf(a), NOW + 1);
    runsOf(a).write(id, { attempt: 1, stream: "stdout", line: "x" });
    finishOne(runsOf(b), NOW + 1);
    assert.equal(a.list().length, 1);
    assert.equal(b.list().length, 1);
    assert.equal(b.find(id), undefined);
    assert.deepEqual([a.lines(id).length, b.lines(id).length], [1, 0]);
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
