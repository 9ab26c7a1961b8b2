import assert from "node:assert/strict";
import { jitterOf } from "../../../src/triggers/schedule/jitter.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

Deno.test("jitterOf() is the hash that it says, of the trigger and the nominal time", () => {
  // From another implementation of FNV-1a and MurmurHash3's finish, with whole numbers only.
  assert.equal(jitterOf("report", START, 2_000), 1635);
  assert.equal(jitterOf("report", START + 1, 2_000), 1525);
  assert.equal(jitterOf("héron", START, 86_400_000), 12021367);
});

Deno.test("jitterOf() without jitter is 0", () => {
  assert.equal(jitterOf("report", START, 0), 0);
});

Deno.test("jitterOf() is a whole number below the bound, spread evenly over it", () => {
  const buckets = Array<number>(10).fill(0);
  const ticks = 20_000;
  for (let tick = 0; tick < ticks; tick++) {
    const delay = jitterOf("report", START + tick * MINUTE, 1_000);
    assert.ok(Number.isInteger(delay) && delay >= 0 && delay < 1_000);
    buckets[Math.floor(delay / 100)]! += 1; // one of ten, for the delay is below 1,000
  }
  // Six standard deviations of a fair die with ten sides.
  for (const count of buckets) assert.ok(Math.abs(count - 2_000) < 6 * 42.4, buckets.join(" "));
});

Deno.test("jitterOf() spreads triggers that are due at one moment", () => {
  const delays = Array.from({ length: 1_000 }, (_, index) => jitterOf(`t${index}`, START, MINUTE));
  assert.ok(new Set(delays).size > 980, `${new Set(delays).size} different ones`);
});
