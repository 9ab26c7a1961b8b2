import assert from "node:assert/strict";
import { LoadError } from "../../src/errors.ts";
import { loadLocal } from "../../src/loader/local.ts";
import { EMPTY_COMPONENT, EMPTY_CORE_MODULE } from "./sample_components.ts";
import { tempDirectory } from "./temp_directory.ts";

const EMPTY_COMPONENT_DIGEST =
  "sha256:24eaf3439a60c96764c4f2c92a0a81b52bd4fe5d5b91f090184a0f6486b1bf29";

Deno.test("loadLocal() gives bytes and digest when the file is a component", async () => {
  await using dir = await tempDirectory();
  await dir.write("build/a.wasm", EMPTY_COMPONENT);
  const source = await loadLocal("build/a.wasm", {
    componentId: "a",
    baseDir: dir.path,
  });
  assert.deepEqual(source, {
    bytes: EMPTY_COMPONENT,
    digest: EMPTY_COMPONENT_DIGEST,
  });
});

const BAD_CONTENT: readonly (readonly [
  name: string,
  content: string | Uint8Array,
  code: string,
  hint: RegExp,
])[] = [
  ["empty", "", "ERR_SOURCE_EMPTY", /build/i],
  ["text", "export const a = 1", "ERR_NOT_WASM", /binary format/],
  ["WAT", ";; guest\n(component)", "ERR_NOT_WASM", /wasm-tools parse/],
  ["a header cut short", "\0asm\r", "ERR_NOT_WASM", /binary format/],
  [
    "a core module of an unknown version",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
    "ERR_WASM_VERSION",
    /build/i,
  ],
  [
    "a component of an old version",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0c, 0, 1, 0),
    "ERR_WASM_VERSION",
    /build/i,
  ],
];

for (const [name, content, code, hint] of BAD_CONTENT) {
  Deno.test(`loadLocal() throws ${code} when the file is ${name}`, async () => {
    await using dir = await tempDirectory();
    await dir.write("a.wasm", content);
    const error = await failureOf("a.wasm", dir.path);
    assert.equal(error.code, code);
    assert.match(error.message, /"a\.wasm" of component "hello"/);
    assert.match(error.hint ?? "", hint);
  });
}

Deno.test("loadLocal() gives bytes and digest when the file is a core module", async () => {
  await using dir = await tempDirectory();
  await dir.write("a.wasm", EMPTY_CORE_MODULE);
  const { bytes } = await loadLocal("a.wasm", { componentId: "a", baseDir: dir.path });
  assert.deepEqual(bytes, EMPTY_CORE_MODULE);
});

Deno.test("loadLocal() throws ERR_SOURCE_NOT_FOUND when there is no file", async () => {
  await using dir = await tempDirectory();
  await dir.write("file", "");
  for (const path of ["a.wasm", "file/a.wasm"]) {
    const error = await failureOf(path, dir.path);
    assert.equal(error.code, "ERR_SOURCE_NOT_FOUND");
    assert.ok(error.message.includes(dir.path), error.message);
  }
});

Deno.test("loadLocal() throws ERR_SOURCE_NOT_A_FILE when the path is a directory", async () => {
  await using dir = await tempDirectory();
  const error = await failureOf(".", dir.path);
  assert.equal(error.code, "ERR_SOURCE_NOT_A_FILE");
});

Deno.test({
  name: "loadLocal() throws ERR_SOURCE_NOT_A_FILE when the path is a device",
  ignore: Deno.build.os === "windows",
  async fn() {
    const error = await failureOf("/dev/zero", "/");
    assert.equal(error.code, "ERR_SOURCE_NOT_A_FILE");
  },
});

Deno.test({
  name: "loadLocal() throws ERR_SOURCE_UNREADABLE when Deno may not read",
  permissions: { read: false },
  async fn() {
    const error = await failureOf("a.wasm", "/nowhere");
    assert.equal(error.code, "ERR_SOURCE_UNREADABLE");
    assert.ok(error.cause instanceof Deno.errors.NotCapable);
  },
});

Deno.test("loadLocal() rejects with the signal's reason when aborted", async () => {
  const reason = new Error("Stopped");
  await assert.rejects(
    loadLocal("a.wasm", {
      componentId: "a",
      baseDir: "/",
      signal: AbortSignal.abort(reason),
    }),
    reason,
  );
});

async function failureOf(path: string, baseDir: string): Promise<LoadError> {
  try {
    await loadLocal(path, { componentId: "hello", baseDir });
  } catch (error) {
    assert.ok(error instanceof LoadError);
    return error;
  }
  assert.fail("Nothing was thrown");
}
