import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { LoadError, ManifestError } from "../../src/errors.ts";
import { loadApplication } from "../../src/loader/load_application.ts";
import { createLoader } from "../../src/loader/loader.ts";
import { stageFiles } from "../../src/loader/stage_files.ts";
import { timerSchema } from "../../src/triggers/timer/timer_schema.ts";
import { EMPTY_COMPONENT } from "./sample_components.ts";
import { tempDirectory } from "./temp_directory.ts";
import { timerConfig } from "../support/timer_config.ts";

function manifestOf(name: string): string {
  return `
spin_manifest_version = 2
[application]
name = "${name}"
[[trigger.timer]]
component = "hello"
interval = "1s"
[component.hello]
source = "hello.wasm"
files = ["static/*"]
`;
}

function load(path: string) {
  return loadApplication(path, { triggerTypes: [timerSchema] });
}

async function failureOf(path: string): Promise<LoadError> {
  try {
    await load(path);
  } catch (error) {
    assert.ok(error instanceof LoadError, String(error));
    return error;
  }
  assert.fail("Nothing was thrown");
}

Deno.test("loadApplication() reads a manifest that can be loaded and staged", async () => {
  await using dir = await tempDirectory();
  await dir.write("app/hello.wasm", EMPTY_COMPONENT);
  await dir.write("app/static/a.txt", "content");
  const path = await dir.write("app/any.toml", manifestOf("first"));
  const { application, warnings, manifestPath } = await load(path);
  assert.equal(application.name, "first");
  assert.equal(application.baseDir, join(dir.path, "app"));
  assert.equal(application.origin, path);
  assert.equal(manifestPath, path);
  assert.deepEqual(warnings, []);

  const component = application.components[0];
  assert.ok(component);
  const { baseDir } = application;
  const source = await createLoader({ cacheDir: dir.path })
    .load({ componentId: component.id, source: component.source, baseDir });
  assert.deepEqual(source.bytes, EMPTY_COMPONENT);
  const into = join(dir.path, "into");
  const staged = await stageFiles({ component, baseDir, into });
  assert.equal(staged.fileCount, 1);
});

Deno.test("loadApplication() takes app.toml before spin.toml when given a directory", async () => {
  await using dir = await tempDirectory();
  await dir.write("hello.wasm", EMPTY_COMPONENT);
  await dir.write("spin.toml", manifestOf("spin"));
  assert.equal((await load(dir.path)).application.name, "spin");
  await dir.write("app.toml", manifestOf("app"));
  const { application, manifestPath } = await load(dir.path);
  assert.equal(application.name, "app");
  assert.equal(application.origin, join(dir.path, "app.toml"));
  assert.equal(manifestPath, join(dir.path, "app.toml"));
});

Deno.test("loadApplication() keeps a relative path as the origin", async () => {
  await using dir = await tempDirectory();
  await dir.write("hello.wasm", EMPTY_COMPONENT);
  const path = relative(
    Deno.cwd(),
    await dir.write("app.toml", manifestOf("a")),
  );
  const { application } = await load(path);
  assert.equal(application.origin, path);
  assert.equal(application.baseDir, dir.path);
});

Deno.test("loadApplication() accepts a file: URL of a file and of a directory", async () => {
  await using dir = await tempDirectory();
  await dir.write("my app/hello.wasm", EMPTY_COMPONENT);
  const path = await dir.write("my app/app.toml", manifestOf("a"));
  for (const target of [path, join(dir.path, "my app")]) {
    const { application, manifestPath } = await load(
      pathToFileURL(target).href,
    );
    assert.equal(manifestPath, path);
    assert.equal(application.name, "a");
  }
});

for (const name of ["Hello_World.wasm", "Hello_World.bin"]) {
  Deno.test(`loadApplication() makes an application of the component ${name}`, async () => {
    await using dir = await tempDirectory();
    const path = await dir.write(name, EMPTY_COMPONENT);
    const loaded = await load(path);
    const { application } = loaded;
    assert.equal(application.name, "hello-world");
    assert.equal(application.origin, path);
    assert.equal(application.baseDir, dir.path);
    assert.deepEqual(application.components.map(({ id, source }) => [id, source]), [
      ["hello-world", { kind: "path", path: name }],
    ]);
    assert.deepEqual(
      application.triggers.map(({ type, component, config }) => [
        type,
        component,
        config,
      ]),
      [["timer", "hello-world", timerConfig({ interval: "1s" })]],
    );
    assert.deepEqual(loaded.warnings, []);
    assert.equal("manifestPath" in loaded, false);
  });
}

Deno.test("loadApplication() throws ERR_APP_NOT_FOUND with a near miss when there is nothing", async () => {
  await using dir = await tempDirectory();
  await dir.write("app.toml", "");
  const path = join(dir.path, "ap.toml");
  const error = await failureOf(path);
  assert.equal(error.code, "ERR_APP_NOT_FOUND");
  assert.ok(error.message.includes(path));
  assert.match(error.hint ?? "", /\bapp\.toml\b/);
});

Deno.test("loadApplication() throws ERR_APP_NOT_FOUND with what there is when nothing is near", async () => {
  await using dir = await tempDirectory();
  await dir.write("timer.toml", "");
  await dir.write("notes.txt", "");
  const { code, hint = "" } = await failureOf(join(dir.path, "x"));
  assert.equal(code, "ERR_APP_NOT_FOUND");
  assert.match(hint, /timer\.toml/);
  assert.doesNotMatch(hint, /notes/);
});

Deno.test("loadApplication() throws ERR_APP_NOT_FOUND when the directory is missing too", async () => {
  const { code } = await failureOf("/nowhere/at/all.toml");
  assert.equal(code, "ERR_APP_NOT_FOUND");
});

Deno.test("loadApplication() throws ERR_APP_NOT_FOUND when the URL names another machine", async () => {
  const { code } = await failureOf("file:///%zz");
  assert.equal(code, "ERR_APP_NOT_FOUND");
});

Deno.test("loadApplication() throws ERR_NO_MANIFEST when a directory has none", async () => {
  await using dir = await tempDirectory();
  await dir.write("hello.wasm", EMPTY_COMPONENT);
  const error = await failureOf(dir.path);
  assert.equal(error.code, "ERR_NO_MANIFEST");
  assert.match(error.hint ?? "", /hello\.wasm/);
});

Deno.test("loadApplication() throws ERR_NOT_A_MANIFEST when the file is not text", async () => {
  await using dir = await tempDirectory();
  const path = await dir.write("app.png", Uint8Array.of(0x89, 0x50, 0xff));
  assert.equal((await failureOf(path)).code, "ERR_NOT_A_MANIFEST");
});

Deno.test("loadApplication() throws ManifestError when the text is not TOML", async () => {
  await using dir = await tempDirectory();
  const path = await dir.write("README.md", "# Hello\n\nNo manifest here.\n");
  await assert.rejects(load(path), (error) => {
    assert.ok(error instanceof ManifestError);
    assert.equal(error.issues[0]?.location?.file, path);
    return true;
  });
});

Deno.test({
  name: "loadApplication() throws ERR_APP_UNREADABLE when Deno may not read",
  permissions: { read: false },
  async fn() {
    const error = await failureOf("/nowhere/app.toml");
    assert.equal(error.code, "ERR_APP_UNREADABLE");
    assert.ok(error.cause instanceof Deno.errors.NotCapable);
  },
});
