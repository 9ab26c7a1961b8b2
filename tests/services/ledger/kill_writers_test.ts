import assert from "node:assert/strict";
import { killWriters } from "./kill_writers.ts";

Deno.test("a process that is killed while it writes loses nothing that it was told to be kept", async () => {
  const { kills, finished } = await killWriters({ kills: 10, seed: 1 });
  assert.equal(kills, 10);
  assert.ok(finished > 100, `${finished} runs were finished`);
});
