import assert from "node:assert/strict";
import { join } from "node:path";
import { CompileCache } from "../../src/compile/cache.ts";
import type { CompiledComponent } from "../../src/compile/compiled_component.ts";
import { capturedLogs } from "../loader/captured_logs.ts";
import { tempDirectory } from "../loader/temp_directory.ts";

const KEY = "ab".repeat(32);
const DIGEST_BYTES = 32;

const COMPONENT: CompiledComponent = {
  digest: `sha256:${"cd".repeat(32)}`,
  world: {
    imports: [{ kind: "interface", name: "wasi:io/poll@0.2.6" }],
    exports: [{
      kind: "function",
      name: "run",
      signature: {
        parameters: [{ name: "string", args: [] }],
        result: { name: "result", args: [null, { name: "string", args: [] }] },
      },
    }],
  },
  suspends: true,
  uninstrumented: ["component.core2.wasm: unknown opcode"],
  source: 'export const text = "ä \u{1f600} \\n";\n',
  modules: new Map([
    ["component.core.wasm", Uint8Array.of(0, 97, 115, 109, 255)],
    ["component.core2.wasm", new Uint8Array(0)],
    ["component.core3.wasm", new Uint8Array(300).fill(7)],
  ]),
};

/** Writes the component, and gives the path of the one file that this made. */
async function writeEntry(directory: string): Promise<string> {
  await new CompileCache(directory).write(KEY, COMPONENT);
  const files = [...Deno.readDirSync(directory)];
  assert.equal(files.length, 1);
  return join(directory, files[0]?.name ?? "");
}

Deno.test("CompileCache gives back what was written", async () => {
  await using temp = await tempDirectory();
  const directory = join(temp.path, "not", "there", "yet");
  await writeEntry(directory);
  assert.deepEqual(await new CompileCache(directory).read(KEY), COMPONENT);
});

Deno.test("CompileCache gives nothing, and no warning, when it has no such entry", async () => {
  await using temp = await tempDirectory();
  await using logs = await capturedLogs();
  const cache = new CompileCache(temp.path);
  assert.equal(await cache.read(KEY), undefined);
  await cache.write(KEY, COMPONENT);
  assert.equal(await cache.read("00".repeat(32)), undefined);
  assert.deepEqual(logs.records, []);
});

Deno.test("CompileCache gives modules that own their buffers when it reads", async () => {
  await using temp = await tempDirectory();
  await writeEntry(temp.path);
  const read = await new CompileCache(temp.path).read(KEY);
  for (const bytes of read?.modules.values() ?? []) {
    assert.equal(bytes.byteLength, bytes.buffer.byteLength);
  }
});

Deno.test("CompileCache misses with a warning when any byte is damaged", async () => {
  await using temp = await tempDirectory();
  await using logs = await capturedLogs();
  const path = await writeEntry(temp.path);
  const whole = await Deno.readFile(path);
  const positions = new Set([0, 1, 2, 3, 4, whole.length - DIGEST_BYTES, whole.length - 1]);
  for (let index = 0; index < 50; index++) positions.add(Math.floor(index * whole.length / 50));
  const cache = new CompileCache(temp.path);
  for (const position of positions) {
    const damaged = whole.slice();
    damaged[position] = (damaged[position] ?? 0) ^ 0x10;
    await Deno.writeFile(path, damaged);
    assert.equal(await cache.read(KEY), undefined, `byte ${position}`);
  }
  assert.equal(logs.records.length, positions.size);
  await Deno.writeFile(path, whole);
  assert.deepEqual(await cache.read(KEY), COMPONENT);
});

Deno.test("CompileCache misses when an entry was cut short or went on", async () => {
  await using temp = await tempDirectory();
  await using _logs = await capturedLogs();
  const path = await writeEntry(temp.path);
  const whole = await Deno.readFile(path);
  const body = whole.length - DIGEST_BYTES;
  const lengths = new Set([...Array(64).keys(), body - 1, body, body + 1, whole.length - 1]);
  for (let index = 0; index < 50; index++) lengths.add(Math.floor(index * whole.length / 50));
  const cache = new CompileCache(temp.path);
  for (const length of lengths) {
    await Deno.writeFile(path, whole.subarray(0, length));
    assert.equal(await cache.read(KEY), undefined, `${length} bytes`);
  }
  await Deno.writeFile(path, Uint8Array.of(...whole, 0));
  assert.equal(await cache.read(KEY), undefined, "one byte more");
});

const FOREIGN: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "nothing at all": new Uint8Array(0),
  "too little for a length": Uint8Array.of(1, 2),
  "a length beyond the end": Uint8Array.of(255, 255, 255, 255, 1),
  "a header that is no JSON": Uint8Array.of(1, 0, 0, 0, 0x7b),
  "a header of another shape": Uint8Array.of(4, 0, 0, 0, ...new TextEncoder().encode("null")),
  "another format": Uint8Array.of(13, 0, 0, 0, ...new TextEncoder().encode('{"magic":"x"}')),
};

for (const [what, body] of Object.entries(FOREIGN)) {
  Deno.test(`CompileCache misses when a file with a good digest holds ${what}`, async () => {
    await using temp = await tempDirectory();
    await using _logs = await capturedLogs();
    const path = await writeEntry(temp.path);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    await Deno.writeFile(path, Uint8Array.of(...body, ...digest));
    assert.equal(await new CompileCache(temp.path).read(KEY), undefined);
  });
}

Deno.test("CompileCache leaves one whole entry and no scraps when many write at once", async () => {
  await using temp = await tempDirectory();
  const caches = Array.from({ length: 20 }, () => new CompileCache(temp.path));
  const read = caches.map((cache) => cache.read(KEY));
  await Promise.all(caches.map((cache) => cache.write(KEY, COMPONENT)));
  for (const seen of await Promise.all(read)) {
    if (seen !== undefined) assert.deepEqual(seen, COMPONENT);
  }
  assert.equal([...Deno.readDirSync(temp.path)].length, 1);
  assert.deepEqual(await new CompileCache(temp.path).read(KEY), COMPONENT);
});

Deno.test("CompileCache warns and goes on when its directory cannot be used", async () => {
  await using temp = await tempDirectory();
  await using logs = await capturedLogs();
  const file = await temp.write("file", "no directory");
  const cache = new CompileCache(join(file, "components"));
  await cache.write(KEY, COMPONENT);
  assert.equal(await cache.read(KEY), undefined);
  assert.deepEqual(logs.records.map(({ properties }) => properties["verb"]), ["write", "read"]);
});

Deno.test("CompileCache warns and goes on when a directory is in an entry's place", async () => {
  await using temp = await tempDirectory();
  await using logs = await capturedLogs();
  const path = await writeEntry(temp.path);
  await Deno.remove(path);
  await Deno.mkdir(path);
  const cache = new CompileCache(temp.path);
  assert.equal(await cache.read(KEY), undefined);
  await cache.write(KEY, COMPONENT);
  assert.equal(logs.records.length, 2);
  assert.equal([...Deno.readDirSync(temp.path)].length, 1); // no scraps beside it
});
