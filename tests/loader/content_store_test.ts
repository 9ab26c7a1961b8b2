import assert from "node:assert/strict";
import { join } from "node:path";
import { createContentStore } from "../../src/loader/content_store.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import { capturedLogs } from "./captured_logs.ts";
import { componentWith } from "./sample_components.ts";
import { tempDirectory } from "./temp_directory.ts";

const BYTES = componentWith("stored");
const DIGEST = await sha256Digest(BYTES);
const ENTRY_NAME = `${DIGEST.replace(":", "-")}.wasm`;

Deno.test("createContentStore() creates nothing before the first put", async () => {
  await using dir = await tempDirectory();
  const store = createContentStore(join(dir.path, "wasm"));
  assert.equal(await store.get(DIGEST), undefined);
  assert.deepEqual(await namesIn(dir.path), []);
});

Deno.test("ContentStore.put() keeps bytes under their digest", async () => {
  await using dir = await tempDirectory();
  const store = createContentStore(dir.path);
  await store.put(DIGEST, BYTES);
  assert.deepEqual(await store.get(DIGEST), BYTES);
  assert.deepEqual(await namesIn(dir.path), [ENTRY_NAME]);
});

for (
  const [name, content] of [
    ["corrupt", componentWith("other")],
    ["truncated", BYTES.subarray(0, -1)],
    ["empty", new Uint8Array()],
  ] as const
) {
  Deno.test(`ContentStore.get() gives undefined when the entry is ${name}`, async () => {
    await using dir = await tempDirectory();
    await using logs = await capturedLogs();
    await dir.write(ENTRY_NAME, content);
    const store = createContentStore(dir.path);
    assert.equal(await store.get(DIGEST), undefined);
    assert.equal(logs.records.length, 1);
    await store.put(DIGEST, BYTES);
    assert.deepEqual(await store.get(DIGEST), BYTES);
  });
}

Deno.test("ContentStore.put() leaves one whole entry when many write at once", async () => {
  await using dir = await tempDirectory();
  const directory = join(dir.path, "wasm");
  await Promise.all(Array.from({ length: 32 }, async () => {
    const store = createContentStore(directory);
    await store.put(DIGEST, BYTES);
    assert.deepEqual(await store.get(DIGEST), BYTES);
  }));
  assert.deepEqual(await namesIn(directory), [ENTRY_NAME]);
});

Deno.test("ContentStore.put() only warns when the directory cannot be made", async () => {
  await using dir = await tempDirectory();
  await using logs = await capturedLogs();
  const file = await dir.write("file", "");
  const store = createContentStore(join(file, "wasm"));
  await store.put(DIGEST, BYTES);
  assert.deepEqual(logs.records.map((record) => record.level), ["warning"]);
  assert.deepEqual(logs.records[0]?.category, ["gyre", "loader"]);
});

Deno.test("ContentStore.put() leaves no temporary file when it cannot rename", async () => {
  await using dir = await tempDirectory();
  await using logs = await capturedLogs();
  // A directory in the entry's place, which no file can be renamed over.
  await dir.write(join(ENTRY_NAME, "child"), "");
  const store = createContentStore(dir.path);
  await store.put(DIGEST, BYTES);
  assert.equal(logs.records.length, 1);
  assert.deepEqual(await namesIn(dir.path), [ENTRY_NAME]);
});

async function namesIn(path: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}
