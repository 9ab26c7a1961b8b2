import assert from "node:assert/strict";
import { SkipReport } from "../../src/runtime/skip_report.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("SkipReport reports at once, then at most once a second, and loses no count", () => {
  const clock = new FakeClock();
  const reports: number[] = [];
  const skips = new SkipReport(clock, (count) => reports.push(count));
  skips.add(1, "late");
  for (let index = 0; index < 99; index++) {
    clock.jump(10);
    skips.add(1, "late");
  }
  assert.deepEqual(reports, [1]);
  clock.jump(10);
  skips.add(1, "late");
  assert.deepEqual(reports, [1, 100]);
});
