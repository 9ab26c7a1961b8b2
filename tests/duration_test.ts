import assert from "node:assert/strict";
import { formatDuration, parseDuration } from "../src/duration.ts";

const PARSED: readonly (readonly [text: string, milliseconds: number])[] = [
  ["250ms", 250],
  ["10s", 10_000],
  ["5m", 300_000],
  ["1h", 3_600_000],
  ["1d", 86_400_000],
  ["1.5s", 1_500],
  ["0.25m", 15_000],
  ["0.5ms", 0.5],
  ["0s", 0],
  ["007s", 7_000],
  [" 10s\n", 10_000],
];

for (const [text, milliseconds] of PARSED) {
  Deno.test(`parseDuration() reads ${JSON.stringify(text)}`, () => {
    assert.equal(parseDuration(text), milliseconds);
  });
}

const REJECTED: readonly string[] = [
  ...["", " ", "10", "s", "ms", "10 s", "1h30m", "10s 5s", "10ss", "10sm"],
  ...["-1s", "+1s", "1e3s", ".5s", "1.s", "1..5s", "1,5s", "1_000s", "0x10s"],
  ...["10S", "10MS", "10sec", "10us", "10µs", "1w", "1y", "１０s", "10\ns", "NaNs", "Infinitys"],
];

for (const text of REJECTED) {
  Deno.test(`parseDuration() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(parseDuration(text), undefined);
  });
}

Deno.test("parseDuration() gives whole ms when the text means whole ms", () => {
  const wrong: string[] = [];
  for (let milliseconds = 0; milliseconds < 20_000; milliseconds++) {
    const text = `${(milliseconds / 1_000).toFixed(3)}s`;
    if (parseDuration(text) !== milliseconds) wrong.push(text);
  }
  assert.deepEqual(wrong, []);
});

Deno.test("parseDuration() refuses a number that no duration can hold", () => {
  assert.equal(parseDuration(`${"9".repeat(400)}s`), undefined);
});

const FORMATTED: readonly (readonly [milliseconds: number, text: string])[] = [
  [0, "0 µs"],
  [0.85, "850 µs"],
  [1, "1 ms"],
  [12.44, "12.4 ms"],
  [250, "250 ms"],
  [1_000, "1 s"],
  [3_200, "3.2 s"],
  [59_900, "59.9 s"],
  [60_000, "1 min"],
  [300_000, "5 min"],
  [5_400_000, "90 min"],
];

for (const [milliseconds, text] of FORMATTED) {
  Deno.test(`formatDuration() writes ${milliseconds} ms as ${text}`, () => {
    assert.equal(formatDuration(milliseconds), text);
  });
}

const ROUNDED_UP: readonly (readonly [milliseconds: number, text: string])[] = [
  [0.9999, "1 ms"],
  [999.99, "1 s"],
  [59_999, "1 min"],
];

for (const [milliseconds, text] of ROUNDED_UP) {
  Deno.test(`formatDuration() takes the larger unit when ${milliseconds} ms rounds up to it`, () => {
    assert.equal(formatDuration(milliseconds), text);
  });
}
