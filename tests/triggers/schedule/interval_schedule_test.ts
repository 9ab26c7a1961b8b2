import assert from "node:assert/strict";
import { intervalSchedule } from "../../../src/triggers/schedule/interval_schedule.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

for (
  const [title, anchor, interval, after, expected] of [
    ["before the first tick", 100, 10, -5_000, 100],
    ["just before the first tick", 100, 10, 99, 100],
    ["at the first tick", 100, 10, 100, 110],
    ["between two ticks", 100, 10, 104, 110],
    ["just before a tick", 100, 10, 109, 110],
    ["at a tick", 100, 10, 110, 120],
    ["with a fraction, rounded down", 0, 100 / 3, 34, 67],
    ["with a fraction, rounded up", 0, 100 / 3, 33, 67],
    ["with a fraction, once whole", 0, 100 / 3, 67, 100],
    ["every ms", START, 1, START + 12_345, START + 12_346],
    ["years later", START, 15_000, START + 5_000 * DAY + 1, START + 5_000 * DAY + 15_000],
    ["at the largest interval", START, 100 * 365 * DAY, START, START + 100 * 365 * DAY],
  ] as const
) {
  Deno.test(`intervalSchedule() has the next tick ${title}`, () => {
    assert.equal(intervalSchedule({ anchor, interval }).next(after), expected);
  });
}

Deno.test("intervalSchedule() with anchor 0 is on the wall clock's own grid", () => {
  const { next } = intervalSchedule({ anchor: 0, interval: 15_000 });
  assert.equal(next(Date.UTC(2026, 4, 17, 9, 30, 7, 250)), Date.UTC(2026, 4, 17, 9, 30, 15));
});

Deno.test("intervalSchedule() does not drift in a billion ticks", () => {
  const { next } = intervalSchedule({ anchor: START, interval: 100 / 3 });
  assert.equal(next(START + 1e11 - 1), START + 1e11);
});

Deno.test("intervalSchedule() has strictly increasing ticks that are on the grid, from anywhere", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new SeededRandom(seed);
    const anchor = random.pick([0, START, START + random.below(DAY)]);
    const interval = 1 + random.next() * random.pick([0, 1, 10, 1_000, DAY]);
    const { next } = intervalSchedule({ anchor, interval });
    let tick = START + random.below(10 * DAY) + random.pick([0, random.next()]);
    for (let step = 0; step < 50; step++) {
      const following = next(tick);
      assert.ok(following !== undefined && following > tick, `seed ${seed}`);
      assert.equal(next(following - 1), following, `seed ${seed}: stable`);
      const index = Math.round((following - anchor) / interval);
      assert.equal(following, Math.round(anchor + index * interval), `seed ${seed}: on the grid`);
      assert.ok(step === 0 || following - tick < interval + 1, `seed ${seed}: none left out`);
      tick = following;
    }
  }
});

Deno.test("intervalSchedule() has a key for each grid", () => {
  const key = (anchor: number, interval: number) => intervalSchedule({ anchor, interval }).key;
  assert.equal(key(0, 10), key(0, 10));
  assert.equal(new Set([key(0, 10), key(1, 10), key(0, 11)]).size, 3);
});
