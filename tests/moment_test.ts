import assert from "node:assert/strict";
import { parseMoment } from "../src/moment.ts";

const MOMENTS: readonly (readonly [text: string, moment: number | undefined])[] = [
  ["2026-03-28T00:00Z", Date.UTC(2026, 2, 28)],
  ["2026-03-28T00:00:00Z", Date.UTC(2026, 2, 28)],
  ["2026-03-28t00:00:00.25z", Date.UTC(2026, 2, 28, 0, 0, 0, 250)],
  ["2026-03-28 09:30:00+01:00", Date.UTC(2026, 2, 28, 8, 30)],
  ["2026-03-28T09:30-05:30", Date.UTC(2026, 2, 28, 15)],
  ["2026-03-28", undefined],
  ["2026-03-28T09:30", undefined],
  ["2026-03-28T25:00Z", undefined],
  ["2026-13-28T00:00Z", undefined],
  ["2026-03-28T00:00+0100", undefined],
  ["now", undefined],
  ["", undefined],
];

for (const [text, moment] of MOMENTS) {
  Deno.test(`parseMoment() ${moment === undefined ? "refuses" : "reads"} "${text}"`, () => {
    assert.equal(parseMoment(text), moment);
  });
}
