import assert from "node:assert/strict";
import { nextTick } from "../../src/triggers/schedule/interval.ts";
import { SeededRandom } from "../guest/seeded_random.ts";

const CASES: readonly (readonly [
  what: string,
  call: readonly [last: number, elapsed: number, interval: number],
  next: readonly [index: number, skipped: number],
])[] = [
  ["the first tick after one interval", [0, 0, 1_000], [1, 0]],
  ["the first tick while its time has not come", [0, 999, 1_000], [1, 0]],
  ["the next tick right after one that took no time", [1, 1_000, 1_000], [2, 0]],
  ["the next tick when the last one ended in time", [1, 1_999, 1_000], [2, 0]],
  ["the tick that is due this very moment", [1, 2_000, 1_000], [2, 0]],
  ["the tick after the one that is over", [1, 2_001, 1_000], [3, 1]],
  ["the tick after many that are over", [7, 12_345, 1_000], [13, 5]],
  ["the tick that is due when many are over", [7, 13_000, 1_000], [13, 5]],
  ["the next tick when the timer fired early", [5, 4_999.6, 1_000], [6, 0]],
  ["the next tick when the clock has gone back", [9, 10, 1_000], [10, 0]],
];

for (const [what, [last, elapsed, interval], [index, skipped]] of CASES) {
  Deno.test(`nextTick() gives ${what}`, () => {
    assert.deepEqual(nextTick(last, elapsed, interval), { index, skipped });
  });
}

Deno.test("nextTick() gives ever later ticks, none over already, and counts all that it leaves out", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(seed);
    const interval = random.pick([0.1, 0.5, 1, 7, 33.3, 250, 1_000, 86_400_000]);
    let [last, elapsed, ran, skipped] = [0, 0, 0, 0];
    for (let round = 0; round < 500; round++) {
      const next = nextTick(last, elapsed, interval);
      assert.ok(next.index > last, `seed ${seed}`);
      assert.ok(Number.isInteger(next.index) && next.skipped >= 0, `seed ${seed}`);
      const due = next.index * interval;
      assert.ok(due >= elapsed - interval * 1e-6, `seed ${seed}: ${due} < ${elapsed}`);
      // No tick between the two whose time had not passed was left out.
      if (next.skipped > 0) {
        assert.ok((next.index - 1) * interval < elapsed + interval * 1e-6, `seed ${seed}`);
      }
      ran++;
      skipped += next.skipped;
      assert.equal(ran + skipped, next.index, `seed ${seed}`);
      last = next.index;
      // An event takes no time, a part of an interval, or many; the timer may be late, or early.
      const took = random.pick([0, random.next() * 0.9, random.next() * 30, 1, 2]);
      elapsed = Math.max(elapsed, due + (random.pick([-1e-3, 0, 1e-3, took])) * interval);
    }
  }
});

for (const interval of [0.1, 1 / 3, 7, 10, 1_000]) {
  Deno.test(`nextTick() does not drift in a million ticks of ${interval} ms that are all a little late`, () => {
    let [last, elapsed] = [0, 0];
    for (let round = 1; round <= 1_000_000; round++) {
      const { index, skipped } = nextTick(last, elapsed, interval);
      if (index !== round || skipped !== 0) assert.fail(`tick ${index} in round ${round}`);
      last = index;
      elapsed = index * interval + interval * 0.25;
    }
    assert.equal(last, 1_000_000);
  });
}
