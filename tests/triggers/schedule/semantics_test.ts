/**
 * The promises of docs/scheduling.md, each under a clock that the test moves.
 *
 * @module
 */

import assert from "node:assert/strict";
import { boundedSchedule } from "../../../src/triggers/schedule/bounded_schedule.ts";
import { cronSchedule } from "../../../src/triggers/schedule/cron_schedule.ts";
import { intervalSchedule } from "../../../src/triggers/schedule/interval_schedule.ts";
import type { Schedule } from "../../../src/triggers/schedule/schedule.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { ScheduleRun, type ScheduleRunOptions } from "./schedule_run.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const MIDNIGHT = Date.UTC(2026, 0, 1);

/** Ticks every 10 s on the wall clock. */
const everyTenSeconds = (): Schedule => intervalSchedule({ anchor: 0, interval: 10 * SECOND });
/** Ticks every 10 s from the start on. */
const tenSecondsFromStart = (start: number): Schedule =>
  intervalSchedule({ anchor: start + 10 * SECOND, interval: 10 * SECOND });
const everyHour = (): Schedule => cronSchedule({ expression: "@hourly", timezone: "UTC" });

function run(options: Partial<ScheduleRunOptions> = {}): ScheduleRun {
  return new ScheduleRun({ clock: new FakeClock(MIDNIGHT), schedule: everyTenSeconds, ...options });
}

/** Moments of the test's day, from texts such as `00:00:10`. */
function at(...times: readonly string[]): string[] {
  return times.map((time) => `2026-01-01T${time}.000Z`);
}

Deno.test("a tick runs when it is due, and is in the ledger with its nominal time", async () => {
  await using host = run();
  await host.advance(30 * SECOND);
  assert.deepEqual(host.events, at("00:00:10", "00:00:20", "00:00:30"));
  assert.deepEqual(host.calls.map(({ at }) => at - MIDNIGHT), [10_000, 20_000, 30_000]);
  assert.deepEqual(host.lines, host.events.map((event) => `${event} ok`));
  const [first] = host.records;
  assert.equal(first?.trigger, "t");
  assert.equal(first?.component, "c");
  assert.equal(first?.attempts, 1);
  assert.equal(first?.started, MIDNIGHT + 10_000);
  assert.equal(first?.finished, MIDNIGHT + 10_000);
});

Deno.test("a host that is busy for a moment runs the tick late, and the next one at its time", async () => {
  await using host = run();
  await host.advance(1);
  host.clock.jump(12 * SECOND);
  await host.advance(10 * SECOND);
  assert.deepEqual(host.calls.map(({ at }) => at - MIDNIGHT), [12_001, 20_000]);
});

// Overlap: a guest that takes 25 s of every 10.
const SLOW = { guest: () => ({ takes: 25 * SECOND }) };

Deno.test('overlap = "skip" does not run a tick while an earlier one runs', async () => {
  await using host = run(SLOW);
  await host.advance(75 * SECOND);
  assert.deepEqual(host.events, at("00:00:10", "00:00:40", "00:01:10"));
  assert.deepEqual(host.lines, [
    "2026-01-01T00:00:10.000Z ok",
    "2026-01-01T00:00:20.000Z skipped x2",
    "2026-01-01T00:00:40.000Z ok",
    "2026-01-01T00:00:50.000Z skipped x2",
    "2026-01-01T00:01:10.000Z running",
  ]);
  assert.equal(host.skipped, 4);
  assert.equal(host.mostAtOnce, 1);
});

Deno.test('overlap = "queue" runs every tick, one after another', async () => {
  await using host = run({ ...SLOW, policy: { overlap: "queue" } });
  await host.advance(84 * SECOND);
  assert.deepEqual(host.events, at("00:00:10", "00:00:20", "00:00:30"));
  assert.deepEqual(host.calls.map(({ at }) => at - MIDNIGHT), [10_000, 35_000, 60_000]);
  assert.equal(host.mostAtOnce, 1);
  assert.deepEqual(host.lines.slice(3, 5), [
    "2026-01-01T00:00:40.000Z scheduled",
    "2026-01-01T00:00:50.000Z scheduled",
  ]);
});

Deno.test('overlap = "queue" skips what finds the queue full', async () => {
  await using host = run({ ...SLOW, policy: { overlap: "queue" }, queue: 1 });
  await host.advance(59 * SECOND);
  assert.deepEqual(host.lines, [
    "2026-01-01T00:00:10.000Z ok",
    "2026-01-01T00:00:20.000Z running",
    "2026-01-01T00:00:30.000Z skipped",
    "2026-01-01T00:00:40.000Z scheduled",
    "2026-01-01T00:00:50.000Z skipped",
  ]);
});

Deno.test('overlap = "replace" cancels the earlier tick', async () => {
  await using host = run({ ...SLOW, policy: { overlap: "replace" } });
  await host.advance(35 * SECOND);
  assert.deepEqual(host.lines, [
    "2026-01-01T00:00:10.000Z cancelled",
    "2026-01-01T00:00:20.000Z cancelled",
    "2026-01-01T00:00:30.000Z running",
  ]);
  assert.equal(host.mostAtOnce, 1);
});

Deno.test('overlap = "allow" runs ticks side by side', async () => {
  await using host = run({ ...SLOW, policy: { overlap: "allow" } });
  await host.advance(60 * SECOND);
  assert.deepEqual(host.calls.map(({ at }) => at - MIDNIGHT), [
    ...[10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
  ]);
  assert.equal(host.mostAtOnce, 3);
});

// Missed: the machine sleeps from 00:00:15 to 00:01:04.
async function suspend(host: ScheduleRun): Promise<void> {
  await host.advance(15 * SECOND);
  host.clock.jump(49 * SECOND);
  await host.advance(8 * SECOND);
}

Deno.test('missed = "skip" passes over ticks of the time asleep, but for one that is on time', async () => {
  await using host = run();
  await suspend(host);
  assert.deepEqual(host.lines, [
    "2026-01-01T00:00:10.000Z ok",
    "2026-01-01T00:00:20.000Z missed x4",
    "2026-01-01T00:01:00.000Z ok",
    "2026-01-01T00:01:10.000Z ok",
  ]);
});

Deno.test('missed = "skip" passes over a tick that is more than 5 s late', async () => {
  await using host = run({ schedule: everyHour });
  await host.advance(HOUR - SECOND);
  host.clock.jump(6_001);
  await host.advance(30 * SECOND);
  assert.deepEqual(host.events, []);
  assert.deepEqual(host.lines, ["2026-01-01T01:00:00.000Z missed"]);
});

Deno.test('missed = "once" runs the latest tick of the time asleep', async () => {
  await using host = run({ schedule: everyHour, policy: { missed: "once" } });
  await host.advance(HOUR);
  host.clock.jump(3.5 * HOUR);
  await host.advance(30 * SECOND);
  assert.deepEqual(host.lines, [
    "2026-01-01T01:00:00.000Z ok",
    "2026-01-01T02:00:00.000Z missed x2",
    "2026-01-01T04:00:00.000Z ok",
  ]);
});

Deno.test('missed = "all" runs each tick of the time asleep, the oldest first', async () => {
  await using host = run({ policy: { missed: "all" }, guest: () => ({ takes: SECOND }) });
  await suspend(host);
  assert.deepEqual(host.lines.map((line) => line.split(" ")[1]), [
    ...["ok", "ok", "ok", "ok", "ok", "ok", "ok"],
  ]);
  assert.deepEqual(
    host.events,
    at(...[10, 20, 30, 40, 50].map((s) => `00:00:${s}`), "00:01:00", "00:01:10"),
  );
  assert.equal(host.mostAtOnce, 1);
});

Deno.test("catch_up_window bounds what is run of missed ticks", async () => {
  for (const missed of ["once", "all"] as const) {
    await using host = run({
      schedule: everyHour,
      policy: { missed, catchUpWindow: 90 * MINUTE },
    });
    await host.advance(30 * MINUTE);
    host.clock.jump(3 * HOUR);
    await host.advance(30 * SECOND);
    // At 03:30: the tick of 02:00 is just within 90 minutes.
    assert.deepEqual(
      host.events,
      at(...missed === "all" ? ["02:00:00", "03:00:00"] : ["03:00:00"]),
    );
  }
});

// Restarts.
for (
  const [missed, lines] of [
    ["skip", ["01:00:00.000Z ok", "02:00:00.000Z missed x3", "05:00:00.000Z ok"]],
    [
      "once",
      ["01:00:00.000Z ok", "02:00:00.000Z missed x2", "04:00:00.000Z ok", "05:00:00.000Z ok"],
    ],
    [
      "all",
      ["01", "02", "03", "04", "05"].map((hour) => `${hour}:00:00.000Z ok`),
    ],
  ] as const
) {
  Deno.test(`after a downtime, missed = "${missed}" is applied to what the ledger lacks`, async () => {
    const options = { schedule: everyHour, policy: { missed, catchUpWindow: 24 * HOUR } };
    await using first = run(options);
    await first.advance(90 * MINUTE);
    await first.stop();
    first.clock.setWall(MIDNIGHT + 4.5 * HOUR);
    await using second = first.restart();
    await second.advance(31 * MINUTE);
    assert.deepEqual(second.lines, lines.map((line) => `2026-01-01T${line}`));
  });
}

Deno.test("after a first start, the first tick ever can be missed", async () => {
  await using first = run({ schedule: everyHour, policy: { missed: "once" } });
  await first.advance(SECOND);
  await first.kill();
  first.clock.setWall(MIDNIGHT + 65 * MINUTE);
  await using second = first.restart();
  await second.advance(SECOND);
  assert.deepEqual(second.events, at("01:00:00"));
});

Deno.test("a schedule that was changed is not asked for ticks of the time before", async () => {
  await using first = run({ schedule: everyHour, policy: { missed: "all" } });
  await first.advance(SECOND);
  await first.kill();
  first.clock.setWall(MIDNIGHT + 65 * MINUTE);
  await using second = first.restart({ schedule: everyTenSeconds });
  await second.advance(10 * SECOND);
  assert.deepEqual(second.events, at("01:05:10"));
});

Deno.test('a tick whose host died in the middle is interrupted, and not run again with missed = "skip"', async () => {
  await using first = run({ guest: () => ({ takes: 5 * SECOND }) });
  await first.advance(12 * SECOND);
  await first.kill();
  await using second = first.restart();
  await second.advance(SECOND);
  assert.deepEqual(second.lines, ["2026-01-01T00:00:10.000Z interrupted"]);
  assert.equal(second.records[0]?.attempts, 1);
  assert.deepEqual(second.events, []);
});

Deno.test('a tick whose host died in the middle runs again with missed = "once"', async () => {
  await using first = run({
    schedule: everyHour,
    policy: { missed: "once" },
    guest: () => ({ takes: 5 * SECOND }),
  });
  await first.advance(HOUR + SECOND);
  await first.kill();
  await using second = first.restart();
  await second.advance(6 * SECOND);
  assert.deepEqual(second.lines, ["2026-01-01T01:00:00.000Z ok"]);
  assert.equal(second.records[0]?.attempts, 2);
  assert.deepEqual(second.calls.map(({ attempt }) => attempt), ["2"]);
});

Deno.test("a later missed tick stands for one whose host died in the middle", async () => {
  await using first = run({
    schedule: everyHour,
    policy: { missed: "once" },
    guest: () => ({ takes: 5 * SECOND }),
  });
  await first.advance(HOUR + SECOND);
  await first.kill();
  first.clock.setWall(MIDNIGHT + 2.5 * HOUR);
  await using second = first.restart();
  await second.advance(6 * SECOND);
  assert.deepEqual(second.lines, [
    "2026-01-01T01:00:00.000Z interrupted",
    "2026-01-01T02:00:00.000Z ok",
  ]);
});

Deno.test("ticks that waited when the host died are missed ticks", async () => {
  for (const missed of ["skip", "all"] as const) {
    await using first = run({
      policy: { overlap: "queue", missed },
      guest: () => ({ takes: 25 * SECOND }),
    });
    await first.advance(31 * SECOND);
    await first.kill();
    await using second = first.restart({ guest: () => ({}) });
    await second.advance(5 * SECOND);
    const rest = missed === "skip" ? ["interrupted", "missed", "missed"] : ["ok", "ok", "ok"];
    assert.deepEqual(second.lines.map((line) => line.split(" ")[1]), rest, missed);
  }
});

Deno.test("a tick that ended is never run again, whatever missed says", async () => {
  await using first = run({ policy: { missed: "all" } });
  await first.advance(30 * SECOND);
  await first.kill();
  first.clock.setWall(MIDNIGHT + 5 * SECOND); // back to before all of them
  await using second = first.restart();
  await second.advance(40 * SECOND);
  assert.deepEqual(second.events, at("00:00:40"));
});

// Retries.
const RETRY = { attempts: 3, backoff: "exponential", initial: SECOND, max: MINUTE } as const;

Deno.test("retry runs a failed tick again after growing pauses", async () => {
  await using host = run({
    schedule: everyHour,
    policy: { retry: { ...RETRY, attempts: 5, max: 3 * SECOND } },
    guest: () => ({ kind: "trap" }),
  });
  await host.advance(HOUR + MINUTE);
  assert.deepEqual(host.calls.map(({ at }) => at - MIDNIGHT - HOUR), [
    0,
    1_000,
    3_000,
    6_000,
    9_000,
  ]);
  assert.deepEqual(host.calls.map(({ attempt }) => attempt), ["1", "2", "3", "4", "5"]);
  assert.deepEqual(host.lines, ["2026-01-01T01:00:00.000Z trap"]);
  assert.equal(host.records[0]?.attempts, 5);
});

Deno.test("retry with fixed pauses ends with the first success", async () => {
  await using host = run({
    schedule: everyHour,
    policy: { retry: { ...RETRY, backoff: "fixed", initial: 2 * SECOND } },
    guest: (call) => ({ kind: call === 1 ? "ok" : "guest-error" }),
  });
  await host.advance(HOUR + MINUTE);
  assert.deepEqual(host.calls.map(({ at }) => at - MIDNIGHT - HOUR), [0, 2_000]);
  assert.deepEqual(host.lines, ["2026-01-01T01:00:00.000Z ok"]);
});

for (const kind of ["denied", "cancelled"] as const) {
  Deno.test(`retry does not run a tick again that ended as ${kind}`, async () => {
    await using host = run({
      schedule: everyHour,
      policy: { retry: RETRY },
      guest: () => ({ kind }),
    });
    await host.advance(HOUR + MINUTE);
    assert.equal(host.calls.length, 1);
    assert.deepEqual(host.lines, [`2026-01-01T01:00:00.000Z ${kind}`]);
  });
}

Deno.test("a tick that waits for its retry counts as running", async () => {
  await using host = run({
    policy: { retry: { ...RETRY, initial: 15 * SECOND } },
    guest: (call) => ({ kind: call === 0 ? "trap" : "ok" }),
  });
  await host.advance(30 * SECOND);
  assert.deepEqual(host.lines, [
    "2026-01-01T00:00:10.000Z ok",
    "2026-01-01T00:00:20.000Z skipped",
    "2026-01-01T00:00:30.000Z ok",
  ]);
});

Deno.test("a tick that waits for its retry when the host stops goes on with the next host", async () => {
  await using first = run({ policy: { retry: RETRY }, guest: () => ({ kind: "trap" }) });
  await first.advance(10_500);
  await first.stop();
  assert.equal(first.calls.length, 1);
  first.clock.setWall(MIDNIGHT + 12 * SECOND);
  await using second = first.restart({ guest: () => ({}) });
  await second.advance(SECOND);
  assert.deepEqual(second.calls.map(({ attempt }) => attempt), ["2"]);
  assert.deepEqual(second.lines, ["2026-01-01T00:00:10.000Z ok"]);
});

Deno.test('overlap = "replace" ends the wait for a retry', async () => {
  await using host = run({
    policy: { overlap: "replace", retry: { ...RETRY, initial: 15 * SECOND } },
    guest: (call) => ({ kind: call === 0 ? "trap" : "ok" }),
  });
  await host.advance(20 * SECOND);
  assert.deepEqual(host.lines, [
    "2026-01-01T00:00:10.000Z cancelled",
    "2026-01-01T00:00:20.000Z ok",
  ]);
});

// Clocks.
Deno.test("a clock that goes back by an hour runs nothing twice", async () => {
  await using host = run({ schedule: everyHour });
  await host.advance(2 * HOUR);
  host.clock.setWall(MIDNIGHT + HOUR + MINUTE);
  await host.advance(3 * HOUR);
  assert.deepEqual(host.events, at("01:00:00", "02:00:00", "03:00:00", "04:00:00"));
});

Deno.test("a clock that was days ahead is followed anew, and ran ticks stay run", async () => {
  await using host = run({ schedule: everyHour });
  await host.advance(2 * HOUR);
  host.clock.setWall(MIDNIGHT + 48 * HOUR);
  await host.advance(MINUTE);
  host.clock.setWall(MIDNIGHT + 90 * MINUTE);
  await host.advance(2 * HOUR);
  assert.deepEqual(host.events, at("01:00:00", "02:00:00", "03:00:00"));
  assert.deepEqual(host.lines, [
    "2026-01-01T01:00:00.000Z ok",
    "2026-01-01T02:00:00.000Z ok",
    "2026-01-01T03:00:00.000Z missed x46", // of the wrong time, up to 3 January
    "2026-01-01T03:00:00.000Z ok",
  ]);
});

Deno.test("a clock that goes forward makes missed ticks of those that it passes", async () => {
  await using host = run({ schedule: everyHour, policy: { missed: "skip" } });
  await host.advance(HOUR);
  host.clock.setWall(MIDNIGHT + 3.5 * HOUR);
  await host.advance(HOUR);
  assert.deepEqual(host.lines, [
    "2026-01-01T01:00:00.000Z ok",
    "2026-01-01T02:00:00.000Z missed x2",
    "2026-01-01T04:00:00.000Z ok",
  ]);
});

Deno.test("a clock that goes forward is noticed within 30 s", async () => {
  await using host = run({ schedule: everyHour, policy: { missed: "once" } });
  await host.advance(MINUTE);
  host.clock.setWall(MIDNIGHT + HOUR + MINUTE);
  await host.advance(30 * SECOND);
  assert.deepEqual(host.events, at("01:00:00"));
});

Deno.test("a timer that does not follow the wall clock keeps its distance, whatever that does", async () => {
  await using host = run({ schedule: tenSecondsFromStart, followsWallClock: false });
  await host.advance(15 * SECOND);
  for (const jump of [-2 * HOUR, 5 * HOUR, -9 * HOUR]) {
    host.clock.setWall(host.clock.now() + jump);
    await host.advance(10 * SECOND);
  }
  assert.deepEqual(host.events, at("00:00:10", "00:00:20", "00:00:30", "00:00:40"));
});

// Bounds.
Deno.test("from and until bound the ticks, and the host ends after the last", async () => {
  const from = MIDNIGHT + 20 * SECOND;
  const until = MIDNIGHT + 50 * SECOND;
  await using host = run({ schedule: () => boundedSchedule(everyTenSeconds(), { from, until }) });
  await host.advance(MINUTE);
  assert.deepEqual(host.events, at("00:00:20", "00:00:30", "00:00:40"));
  await host.finished;
});

Deno.test("max_runs ends the trigger, and a restart does not begin anew", async () => {
  await using first = run({ policy: { maxRuns: 3 } });
  await first.advance(20 * SECOND);
  await first.kill();
  await using second = first.restart();
  await second.advance(MINUTE);
  assert.deepEqual(second.events, at("00:00:30"));
  await second.finished;
  await using third = second.restart();
  await third.advance(MINUTE);
  assert.deepEqual(third.events, []);
  await third.finished;
});

Deno.test("max_runs does not count skipped ticks", async () => {
  await using host = run({ ...SLOW, policy: { maxRuns: 2 } });
  await host.advance(2 * MINUTE);
  assert.deepEqual(host.events, at("00:00:10", "00:00:40"));
  await host.finished;
});

Deno.test("jitter puts each tick off by its own time, the same after a restart", async () => {
  const delays = async () => {
    await using host = run({ policy: { jitter: 5 * SECOND } });
    await host.advance(5 * MINUTE);
    return host.calls.map(({ event, at }) => at - Date.parse(event));
  };
  const [first, second] = [await delays(), await delays()];
  assert.deepEqual(first, second);
  assert.ok(first.every((delay) => delay >= 0 && delay < 5 * SECOND), String(first));
  assert.ok(new Set(first).size > 20, "the delays differ");
});

Deno.test("jitter never moves a tick beyond the next one", async () => {
  await using host = run({ policy: { jitter: HOUR } });
  await host.advance(5 * MINUTE);
  assert.equal(host.calls.length, 29);
  assert.ok(host.calls.every(({ event, at }) => at - Date.parse(event) < 10 * SECOND));
});
