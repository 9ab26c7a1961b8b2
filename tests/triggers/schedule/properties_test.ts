/**
 * What holds for every schedule, zone and policy, whatever the clock, the guest and the process do.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cronSchedule } from "../../../src/triggers/schedule/cron_schedule.ts";
import { intervalSchedule } from "../../../src/triggers/schedule/interval_schedule.ts";
import type { Schedule } from "../../../src/triggers/schedule/schedule.ts";
import type { TickPolicy } from "../../../src/triggers/schedule/tick_policy.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";
import { ScheduleRun } from "./schedule_run.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const CASES = 60;
const STEPS = 10;

const EXPRESSIONS = [
  "* * * * *",
  "*/7 * * * * *",
  "0 */2 * * * *",
  "30 2 * * *",
  "@hourly",
  "15,45 1-3 * * *",
];
const ZONES = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];
/** Around changes to and from daylight saving time of those zones, and anywhere else. */
const STARTS = [
  "2026-03-28T23:10Z",
  "2026-10-25T00:10Z",
  "2026-03-08T05:00Z",
  "2026-04-04T13:30Z",
  "2028-02-28T23:00Z",
];

for (let seed = 1; seed <= CASES; seed++) {
  Deno.test(`every tick is accounted for, once, and never runs early (case ${seed})`, async () => {
    const random = new SeededRandom(seed);
    const clock = new FakeClock(Date.parse(random.pick(STARTS)) + random.below(HOUR));
    const begin = clock.now();
    const schedule = randomSchedule(random, begin);
    const policy = randomPolicy(random);
    const kinds = ["ok", "ok", "ok", "trap", "guest-error", "timeout", "denied"] as const;
    let host = new ScheduleRun({
      clock,
      schedule: () => schedule,
      policy,
      queue: random.below(5),
      guest: () => ({
        takes: random.pick([0, 0, 10, SECOND, 90 * SECOND]),
        kind: random.pick(kinds),
      }),
    });
    /** Nominal time to how often it was finished: of what the ledger said at each death. */
    const finished = new Set<number>();
    const hosts = [host];
    let latestTime = clock.now();
    for (let step = 0; step < STEPS; step++) {
      switch (random.below(6)) {
        case 0: // asleep, or the clock goes forward
          clock.jump(random.below(3 * HOUR));
          break;
        case 1: // the clock goes back, by less than a correction
          clock.setWall(Math.max(clock.now() - random.below(2 * HOUR), latestTime - 2.9 * HOUR));
          break;
        case 2: // the process dies, and is started again after a while
          await host.kill();
          for (const { scheduled, state } of host.records) {
            if (state === "finished") finished.add(scheduled);
          }
          clock.jump(random.below(HOUR));
          host = host.restart();
          hosts.push(host);
          break;
        default:
          await host.advance(random.below(10 * MINUTE));
      }
      latestTime = Math.max(latestTime, clock.now());
      for (const { event } of host.calls) {
        assert.ok(!finished.has(Date.parse(event)), `${event} ran again after it had ended`);
      }
    }
    await host.advance(10 * MINUTE);
    const latest = Math.max(...host.records.map(({ scheduledLast }) => scheduledLast), begin);
    assertOrder(hosts, policy);
    assertAccounted(host, { schedule, begin, latest, policy });
    await host.stop();
  });
}

/** First attempts come in the order of their nominal times, and none before its time. */
function assertOrder(hosts: readonly ScheduleRun[], { overlap }: TickPolicy): void {
  for (const { calls, mostAtOnce } of hosts) {
    const first = calls.filter(({ attempt }) => attempt === "1");
    const times = first.map(({ event }) => Date.parse(event));
    assert.deepEqual(times, [...new Set(times)].toSorted((a, b) => a - b), "strictly increasing");
    if (overlap !== "allow") assert.ok(mostAtOnce <= 1, `${mostAtOnce} at once`);
  }
}

/** Every tick of the schedule is in exactly one record, and no record has anything else. */
function assertAccounted(
  { records }: ScheduleRun,
  span: {
    readonly schedule: Schedule;
    readonly begin: number;
    readonly latest: number;
    readonly policy: TickPolicy;
  },
): void {
  const { schedule, begin, latest, policy } = span;
  const ordered = records.toSorted((a, b) => a.scheduled - b.scheduled);
  let cursor = begin;
  for (const { scheduled, scheduledLast, count } of ordered) {
    assert.equal(scheduled, schedule.next(cursor), "no tick between two records");
    let ticks = 0;
    for (let tick = schedule.next(cursor); tick !== undefined && tick <= scheduledLast;) {
      ticks += 1;
      cursor = tick;
      tick = schedule.next(tick);
    }
    if (count !== undefined) assert.equal(count, ticks, "the record counts its ticks");
  }
  assert.equal(cursor, latest);
  const ran = records.filter(({ attempts }) => attempts > 0).length;
  if (policy.maxRuns !== undefined) assert.ok(ran <= policy.maxRuns, `${ran} ran`);
  for (const { attempts, outcome, state } of records) {
    assert.ok(outcome !== undefined || state !== "finished");
    const most = (policy.retry?.attempts ?? 1) + STEPS; // each death may take one more
    assert.ok(attempts <= most, `${attempts} attempts`);
  }
}

function randomSchedule(random: SeededRandom, begin: number): Schedule {
  if (random.below(3) === 0) {
    const interval = random.pick([500, SECOND, 15 * SECOND, 7 * MINUTE, HOUR]);
    return intervalSchedule({ anchor: random.pick([0, begin]), interval });
  }
  return cronSchedule({ expression: random.pick(EXPRESSIONS), timezone: random.pick(ZONES) });
}

function randomPolicy(random: SeededRandom): TickPolicy {
  const backoff = random.pick(["fixed", "exponential"] as const);
  return {
    overlap: random.pick(["skip", "queue", "replace", "allow"] as const),
    missed: random.pick(["skip", "once", "all"] as const),
    catchUpWindow: random.pick([0, MINUTE, HOUR, 24 * HOUR]),
    jitter: random.pick([0, 0, 100, 30 * SECOND]),
    ...(random.below(2) === 0 && {
      retry: { attempts: 1 + random.below(4), backoff, initial: SECOND, max: MINUTE },
    }),
    ...(random.below(5) === 0 && { maxRuns: 1 + random.below(20) }),
  };
}
