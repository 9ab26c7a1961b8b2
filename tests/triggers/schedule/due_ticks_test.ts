import assert from "node:assert/strict";
import { type DueOptions, dueTicks, LATE } from "../../../src/triggers/schedule/due_ticks.ts";
import type { Schedule } from "../../../src/triggers/schedule/schedule.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Ticks at every multiple of a period. */
function every(period: number): Schedule {
  return { key: `every ${period}`, next: (after) => (Math.floor(after / period) + 1) * period };
}

function due(options: Partial<DueOptions>): ReturnType<typeof dueTicks> {
  return dueTicks({
    schedule: every(10 * SECOND),
    cursor: 0,
    now: 0,
    missed: "skip",
    catchUpWindow: HOUR,
    jitter: 0,
    delayOf: () => 0,
    ...options,
  });
}

const VECTORS: readonly {
  readonly name: string;
  readonly given: Partial<DueOptions>;
  readonly expected: ReturnType<typeof dueTicks>;
}[] = [
  { name: "nothing before the first tick", given: { now: 9_999 }, expected: { runs: [] } },
  { name: "a tick at its moment", given: { now: 10_000 }, expected: { runs: [10_000] } },
  {
    name: "a tick that is as late as it may be",
    given: { now: 10_000 + LATE },
    expected: { runs: [10_000] },
  },
  {
    name: "with skip, no tick that is later",
    given: { now: 10_001 + LATE },
    expected: { runs: [], missed: { first: 10_000, last: 10_000, count: 1 } },
  },
  {
    name: "with skip, the latest tick if that is on time",
    given: { now: 30_100 },
    expected: { runs: [30_000], missed: { first: 10_000, last: 20_000, count: 2 } },
  },
  {
    name: "with once, the latest tick however late",
    given: { now: 39_000, missed: "once" },
    expected: { runs: [30_000], missed: { first: 10_000, last: 20_000, count: 2 } },
  },
  {
    name: "with once, one tick alone",
    given: { now: 19_000, missed: "once" },
    expected: { runs: [10_000] },
  },
  {
    name: "with once, nothing that is older than the window",
    given: { now: 10_000 + HOUR, missed: "once", schedule: every(10 * HOUR), cursor: -1 },
    expected: { runs: [], missed: { first: 0, last: 0, count: 1 } },
  },
  {
    name: "with all, every tick",
    given: { now: 39_000, missed: "all" },
    expected: { runs: [10_000, 20_000, 30_000] },
  },
  {
    name: "with all, nothing that is older than the window",
    given: { now: 39_000, missed: "all", catchUpWindow: 20_000 },
    expected: {
      runs: [20_000, 30_000],
      missed: { first: 10_000, last: 10_000, count: 1 },
    },
  },
  {
    name: "no tick that is put off",
    given: { now: 20_999, delayOf: (tick) => tick / 20, jitter: 1_000, missed: "all" },
    expected: { runs: [10_000] },
  },
  {
    name: "a tick that was put off, at its moment",
    given: { now: 21_000, delayOf: (tick) => tick / 20, jitter: 1_000, missed: "all" },
    expected: { runs: [10_000, 20_000] },
  },
];

for (const { name, given, expected } of VECTORS) {
  Deno.test(`dueTicks() gives ${name}`, () => assert.deepEqual(due(given), expected));
}

Deno.test("dueTicks() gives the latest 1,000 of more missed ticks", () => {
  const { runs, missed } = due({ schedule: every(SECOND), now: 2_000 * SECOND, missed: "all" });
  assert.equal(runs.length, 1_000);
  assert.equal(runs[0], 1_001 * SECOND);
  assert.equal(runs.at(-1), 2_000 * SECOND);
  assert.deepEqual(missed, { first: SECOND, last: 1_000 * SECOND, count: 1_000 });
});

Deno.test("dueTicks() does not look at each of millions of missed ticks", () => {
  let looks = 0;
  const { next } = every(SECOND);
  const schedule = { key: "", next: (after: number) => (looks++, next(after)) };
  const now = 365 * 24 * HOUR;
  const { runs, missed } = due({ schedule, now, missed: "all", catchUpWindow: now });
  assert.equal(runs.length, 1_000);
  assert.equal(runs.at(-1), now);
  assert.deepEqual(missed, {
    first: SECOND,
    last: now - 999 * SECOND - 1, // right before the first of the thousand
    count: undefined,
  });
  assert.ok(looks < 20_000, `${looks} looks at the schedule`);
});

Deno.test("dueTicks() finds a rare tick far back in a long window", () => {
  const now = 400 * HOUR;
  const schedule = every(300 * HOUR);
  assert.deepEqual(due({ schedule, now, missed: "once", catchUpWindow: 366 * 24 * HOUR }), {
    runs: [300 * HOUR],
  });
});
