import assert from "node:assert/strict";
import { codeBlocks } from "./code_block.ts";

Deno.test("codeBlocks() gives each block with its line, info string and text", () => {
  const markdown = "# A\n\n```sh x\necho 1\n```\ntext `code`\n~~~\nb\n```\n~~~\n";
  assert.deepEqual(codeBlocks(markdown), [
    { line: 3, info: "sh x", text: "echo 1\n" },
    { line: 7, info: "", text: "b\n```\n" },
  ]);
});

Deno.test("codeBlocks() takes an indented fence's indentation from its lines", () => {
  const markdown = "1. Do\n\n   ```ts\n   if (a) {\n     b();\n\n   }\n   ```\n";
  assert.deepEqual(codeBlocks(markdown), [
    { line: 3, info: "ts", text: "if (a) {\n  b();\n\n}\n" },
  ]);
});

Deno.test("codeBlocks() keeps shorter fences inside of longer ones", () => {
  assert.deepEqual(codeBlocks("````text\n```sh\n```\n````\n"), [
    { line: 1, info: "text", text: "```sh\n```\n" },
  ]);
});

Deno.test("codeBlocks() throws when a fence is not closed", () => {
  assert.throws(() => codeBlocks("a\n```sh\necho 1\n"), /Line 2: the code block is not closed/);
});
