import assert from "node:assert/strict";
import { createOutput, type GuestBytes, type GuestOutput } from "../../src/guest/output.ts";

const text = (value: string) => new TextEncoder().encode(value);

Deno.test("createOutput() hands on lines with the name of their stream, and the rest at the end", () => {
  const lines: GuestOutput[] = [];
  const output = createOutput({ kind: "lines", onOutput: (line) => lines.push(line) });
  output.stdout(text("a\nb"));
  output.stderr(text("c\n"));
  assert.deepEqual(lines, [
    { stream: "stdout", line: "a" },
    { stream: "stderr", line: "c" },
  ]);
  output.end();
  assert.deepEqual(lines.at(-1), { stream: "stdout", line: "b" });
});

Deno.test("createOutput() drops what comes after 16 MiB, and says so once", () => {
  const lines: GuestOutput[] = [];
  const output = createOutput({ kind: "lines", onOutput: (line) => lines.push(line) });
  const chunk = new Uint8Array(1_048_576).fill(0x61);
  for (let count = 0; count < 20; count++) output.stdout(chunk);
  output.stderr(text("more\n"));
  output.end();
  const written = lines.filter(({ line }) => line.startsWith("a"));
  assert.equal(written.reduce((sum, { line }) => sum + line.length, 0), 16 * 1_048_576);
  assert.deepEqual(lines.filter(({ line }) => !line.startsWith("a")), [
    { stream: "stderr", line: "The instance wrote more than 16MiB; the rest is dropped" },
  ]);
});

Deno.test("createOutput() hands on bytes as they are, however many", () => {
  const written: GuestBytes[] = [];
  const output = createOutput({ kind: "bytes", onBytes: (bytes) => written.push(bytes) });
  const odd = Uint8Array.of(0xff, 0x0a, 0x00);
  output.stdout(odd);
  output.stderr(new Uint8Array(20 * 1_048_576));
  output.end();
  assert.deepEqual(written[0], { stream: "stdout", bytes: odd });
  assert.equal(written[1]?.bytes.length, 20 * 1_048_576);
});
