import assert from "node:assert/strict";
import { createLoader } from "../../src/loader/loader.ts";
import { EMPTY_COMPONENT } from "./sample_components.ts";
import { tempDirectory } from "./temp_directory.ts";

Deno.test("Loader.load() reads a path relative to the base directory", async () => {
  await using dir = await tempDirectory();
  await dir.write("a.wasm", EMPTY_COMPONENT);
  const source = await createLoader({ cacheDir: dir.path }).load({
    componentId: "a",
    source: { kind: "path", path: "a.wasm" },
    baseDir: dir.path,
  });
  assert.deepEqual(source.bytes, EMPTY_COMPONENT);
});

Deno.test("Loader.load() throws ERR_SOURCE_UNSUPPORTED when asked for a registry package", async () => {
  const loading = createLoader({ cacheDir: "/nowhere" }).load({
    componentId: "a",
    source: { kind: "registry", package: "ns:pkg", version: "1.0.0" },
    baseDir: "/",
  });
  await assert.rejects(loading, {
    name: "LoadError",
    code: "ERR_SOURCE_UNSUPPORTED",
    message: /ns:pkg@1\.0\.0 of component "a"/,
    hint: /url/,
  });
});
