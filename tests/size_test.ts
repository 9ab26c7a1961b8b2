import assert from "node:assert/strict";
import { formatSize, parseSize } from "../src/size.ts";

const SIZES: readonly (readonly [text: string, bytes: number | undefined])[] = [
  ["0", 0],
  ["1", 1],
  ["1B", 1],
  ["64KiB", 65_536],
  ["64 KiB", 65_536],
  ["64kib", 65_536],
  ["1kB", 1_000],
  ["1.5MiB", 1_572_864],
  ["2GiB", 2_147_483_648],
  ["1GB", 1_000_000_000],
  ["", undefined],
  ["MiB", undefined],
  ["-1MiB", undefined],
  ["1TiB", undefined],
  ["1,5MiB", undefined],
  ["1e3", undefined],
  ["9".repeat(400), undefined],
];

for (const [text, bytes] of SIZES) {
  Deno.test(`parseSize() reads "${text.slice(0, 20)}" as ${bytes}`, () => {
    assert.equal(parseSize(text), bytes);
  });
}

for (const bytes of [0, 1, 1_000, 65_536, 65_537, 1_048_576, 268_435_456, 4_294_967_296]) {
  Deno.test(`formatSize() writes ${bytes} so that parseSize() reads it again`, () => {
    assert.equal(parseSize(formatSize(bytes)), bytes);
  });
}
