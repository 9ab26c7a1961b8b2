import assert from "node:assert/strict";
import { boundedSchedule } from "../../../src/triggers/schedule/bounded_schedule.ts";
import { intervalSchedule } from "../../../src/triggers/schedule/interval_schedule.ts";

const tens = intervalSchedule({ anchor: 0, interval: 10 });

for (
  const [title, bounds, after, expected] of [
    ["no bounds", {}, 15, 20],
    ["from a tick, which is in", { from: 40 }, -Infinity, 40],
    ["from between two ticks", { from: 41 }, 0, 50],
    ["from before the moment", { from: 20 }, 70, 80],
    ["until a tick, which is out", { until: 40 }, 30, undefined],
    ["until just after a tick", { until: 41 }, 30, 40],
    ["until long before", { until: 41 }, 1_000, undefined],
    ["from and until around one tick", { from: 40, until: 50 }, 0, 40],
    ["from and until around none", { from: 41, until: 50 }, 0, undefined],
  ] as const
) {
  Deno.test(`boundedSchedule() with ${title}`, () => {
    assert.equal(boundedSchedule(tens, bounds).next(after), expected);
  });
}

Deno.test("boundedSchedule() keeps the key", () => {
  assert.equal(boundedSchedule(tens, { from: 1, until: 2 }).key, tens.key);
});
