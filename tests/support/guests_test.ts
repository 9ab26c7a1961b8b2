import assert from "node:assert/strict";
import { guest, guestNames } from "./guests.ts";

const COMPONENT_PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const CORE_MODULE_PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

for (const name of guestNames) {
  const isCore = name === "wat-preview-one";
  Deno.test(`guest() gives a ${isCore ? "core module" : "component"} when asked for ${name}`, async () => {
    const bytes = await Deno.readFile(await guest(name));
    const preamble = isCore ? CORE_MODULE_PREAMBLE : COMPONENT_PREAMBLE;
    assert.deepEqual([...bytes.subarray(0, 8)], preamble);
  });
}

Deno.test("guest() keeps the build when asked twice", async () => {
  const first = await Deno.stat(await guest("wat-echo"));
  const second = await Deno.stat(await guest("wat-echo"));
  assert.deepEqual(second.mtime, first.mtime);
  assert.equal(second.ino, first.ino);
});
