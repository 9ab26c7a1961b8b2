import assert from "node:assert/strict";
import { LineSplitter } from "../../src/guest/line_splitter.ts";
import { SeededRandom } from "./seeded_random.ts";

/** The length (UTF-16 code units) up to which a line is handed on in one piece. */
const LONGEST_LINE = 64 * 1024;

const encoder = new TextEncoder();

/** Feeds chunks to a splitter and gives what it handed on. */
function split(...chunks: readonly (string | Uint8Array)[]): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) {
    splitter.write(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
  }
  splitter.end();
  return lines;
}

/** Cuts bytes into random chunks, some of them empty. */
function cut(bytes: Uint8Array, random: SeededRandom): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + random.below(Math.min(bytes.length - start, random.pick([1, 3, 17])) + 1);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  return chunks;
}

const CASES: readonly (readonly [what: string, text: string, lines: readonly string[]])[] = [
  ["nothing", "", []],
  ["one line", "one\n", ["one"]],
  ["a line without an end", "one", ["one"]],
  ["lines and a rest", "one\ntwo\nrest", ["one", "two", "rest"]],
  ["empty lines", "\n\none\n\n", ["", "", "one", ""]],
  ["CRLF", "one\r\ntwo\r\n\r\n", ["one", "two", ""]],
  ["a CR within a line", "on\re\r\r\n", ["on\re\r"]],
  ["every length of character", "aäあ\u{1f600}\nz\n", ["aäあ\u{1f600}", "z"]],
  ["other line breaks", "a\u2028b\u0085c\vd\n", ["a\u2028b\u0085c\vd"]],
  ["a NUL", "a\0b\n", ["a\0b"]],
];

for (const [what, text, lines] of CASES) {
  Deno.test(`LineSplitter hands on the lines of a text with ${what}, however it is cut`, () => {
    assert.deepEqual(split(text), lines);
    assert.deepEqual(split(...[...encoder.encode(text)].map((byte) => Uint8Array.of(byte))), lines);
  });
}

Deno.test("LineSplitter hands on the same lines for every way to cut a text", () => {
  const pieces = ["a", "word ", "\n", "\r\n", "\r", "ä", "あ", "\u{1f600}", "\u{10ffff}", "\0"];
  for (let seed = 0; seed < 500; seed++) {
    const random = new SeededRandom(seed);
    const text = Array.from({ length: random.below(60) }, () => random.pick(pieces)).join("");
    const bytes = encoder.encode(text);
    const expected = text.split("\n");
    const rest = expected.pop();
    const lines = expected.map((line) => line.replace(/\r$/, ""));
    if (rest !== "") lines.push(rest ?? "");
    assert.deepEqual(split(...cut(bytes, random)), lines, `seed ${seed}`);
  }
});

Deno.test("LineSplitter replaces the same bytes for every way to cut what is no UTF-8", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = new SeededRandom(seed);
    const bytes = Uint8Array.from(
      { length: random.below(40) },
      () => random.pick([0x0a, 0x0d, 0x61, 0x80, 0xc3, 0xe3, 0xf0, 0x9f, 0xff, 0xc0]),
    );
    assert.deepEqual(split(...cut(bytes, random)), split(bytes), `seed ${seed}`);
  }
});

Deno.test("LineSplitter replaces what is no UTF-8, and goes on", () => {
  assert.deepEqual(split(Uint8Array.of(0x61, 0xff, 0x62, 0x0a, 0x63, 0x0a)), ["a\ufffdb", "c"]);
  assert.deepEqual(split(Uint8Array.of(0x61, 0xf0, 0x9f)), ["a\ufffd"]);
});

Deno.test("LineSplitter hands on a line before the next chunk comes", () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  splitter.write(encoder.encode("one\ntw"));
  assert.deepEqual(lines, ["one"]);
  splitter.write(encoder.encode("o\n"));
  assert.deepEqual(lines, ["one", "two"]);
  splitter.end();
  splitter.end();
  assert.deepEqual(lines, ["one", "two"]);
});

const LENGTHS: readonly number[] = [-1, 0, 1].flatMap((more) => [
  LONGEST_LINE + more,
  2 * LONGEST_LINE + more,
]);

for (const length of LENGTHS) {
  for (const [name, end] of [["LF", "\n"], ["CRLF", "\r\n"], ["no", ""]] as const) {
    Deno.test(`LineSplitter hands on the same pieces of ${length} characters and ${name} line end, however they are cut`, () => {
      const line = "x".repeat(length);
      const pieces = Array.from(
        { length: Math.ceil(length / LONGEST_LINE) },
        (_, index) => line.slice(index * LONGEST_LINE, (index + 1) * LONGEST_LINE),
      );
      assert.deepEqual(split(line + end), pieces, "in one chunk");
      assert.deepEqual(split(line, end), pieces, "the line end in a chunk of its own");
      assert.deepEqual(split(line, ...end), pieces, "each character of the end in its own");
      assert.deepEqual(split(line.slice(0, -1), line.slice(-1) + end), pieces, "near the end");
    });
  }
}

Deno.test("LineSplitter keeps memory bounded when a line never ends", () => {
  const chunk = encoder.encode("y".repeat(10_000));
  let handedOn = 0;
  const splitter = new LineSplitter((line) => {
    assert.ok(line.length <= LONGEST_LINE);
    handedOn += line.length;
  });
  for (let count = 1; count <= 100; count++) {
    splitter.write(chunk);
    assert.ok(count * chunk.length - handedOn <= LONGEST_LINE);
  }
  splitter.end();
  assert.equal(handedOn, 1_000_000);
});

Deno.test("LineSplitter cuts an over-long line between characters, never within one", () => {
  for (const text of ["x" + "\u{1f600}".repeat(LONGEST_LINE), "\u{1f600}".repeat(LONGEST_LINE)]) {
    for (const pieces of [split(text), split(`${text}\n`)]) {
      assert.equal(pieces.join(""), text);
      assert.deepEqual(pieces.filter((piece) => !piece.isWellFormed()).length, 0);
    }
  }
});
