import assert from "node:assert/strict";
import { join } from "node:path";
import type { Component, FileGrant } from "../../src/app/application.ts";
import { LoadError } from "../../src/errors.ts";
import { stageFiles } from "../../src/loader/stage_files.ts";
import { componentOf } from "../support/component.ts";
import { type TempDirectory, tempDirectory } from "./temp_directory.ts";

function pattern(pattern: string): FileGrant {
  return { kind: "pattern", pattern };
}

function copy(source: string, destination: string): FileGrant {
  return { kind: "mount", source, destination, writable: false };
}

function writable(source: string, destination: string): FileGrant {
  return { kind: "mount", source, destination, writable: true };
}

function componentWith(
  files: readonly FileGrant[],
  excludeFiles: readonly string[] = [],
): Component {
  return componentOf("hello", { files, excludeFiles });
}

/** Makes an application: `data/old.txt`, `data/sub/x.txt`, `seed/a.txt`, `.gyre/log`, links. */
async function makeApp(dir: TempDirectory): Promise<string> {
  const app = join(dir.path, "app");
  for (const name of ["data/old.txt", "data/sub/x.txt", "seed/a.txt", ".gyre/log"]) {
    await dir.write(join("app", name), name);
  }
  await dir.write("outside/secret.txt", "secret");
  await Deno.symlink("data", join(app, "link-in"));
  await Deno.symlink(".", join(app, "link-app"));
  await Deno.symlink(".gyre", join(app, "link-state"));
  await Deno.symlink("../outside", join(app, "link-out"));
  return app;
}

Deno.test("stageFiles() mounts a writable directory itself, and nothing else when nothing is copied", async () => {
  await using dir = await tempDirectory();
  const baseDir = await makeApp(dir);
  const into = join(dir.path, "into");
  const component = componentWith([writable("data", "/data/"), writable("link-in/sub", "/b")]);
  assert.deepEqual(await stageFiles({ component, baseDir, into }), {
    fileCount: 0,
    bytes: 0,
    mounts: [
      { hostPath: join(baseDir, "data"), guestPath: "/data", writable: true },
      { hostPath: join(baseDir, "data/sub"), guestPath: "/b", writable: true },
    ],
  });
  await assert.rejects(Deno.stat(into), Deno.errors.NotFound);
});

Deno.test("stageFiles() puts a writable directory beside the copies, which show where it is", async () => {
  await using dir = await tempDirectory();
  const baseDir = await makeApp(dir);
  const into = join(dir.path, "into");
  const component = componentWith([
    pattern("seed"),
    pattern("data/**"),
    writable("data", "/data"),
    writable("data/sub", "/deep/er"),
  ]);
  const { mounts, fileCount } = await stageFiles({ component, baseDir, into });
  assert.deepEqual(mounts.map(({ guestPath, writable }) => [guestPath, writable]), [
    ["/", false],
    ["/data", true],
    ["/deep/er", true],
  ]);
  // What the pattern finds beneath the mount could not be seen, so it is not copied.
  assert.equal(fileCount, 1);
  assert.deepEqual([...Deno.readDirSync(join(into, "data"))], []);
  assert.ok(Deno.statSync(join(into, "deep/er")).isDirectory);
});

Deno.test("stageFiles() makes the copies writable when told to, and only then a mount of them", async () => {
  await using dir = await tempDirectory();
  const baseDir = await makeApp(dir);
  const stage = async (name: string, files: readonly FileGrant[]) => {
    const into = join(dir.path, name);
    const component = componentWith(files);
    return (await stageFiles({ component, baseDir, into, transientWrite: true })).mounts;
  };
  const [root, ...others] = await stage("one", [pattern("seed")]);
  assert.deepEqual(root, { hostPath: join(dir.path, "one"), guestPath: "/", writable: true });
  assert.deepEqual(others, []);
  assert.deepEqual(await stage("two", []), []);
  assert.equal((await stage("three", [writable("data", "/")])).length, 1);
  Deno.writeTextFileSync(join(dir.path, "one/seed/a.txt"), "changed");
  assert.equal(Deno.readTextFileSync(join(baseDir, "seed/a.txt")), "seed/a.txt");
});

const REFUSED: readonly (readonly [
  code: string,
  name: string,
  files: readonly FileGrant[],
  excludeFiles?: readonly string[],
])[] = [
  ["ERR_FILE_NOT_FOUND", "the source is missing", [writable("nothing", "/x")]],
  ["ERR_FILE_OUTSIDE", "the source is outside", [writable("../outside", "/x")]],
  ["ERR_FILE_OUTSIDE", "the source is absolute", [writable("/tmp", "/x")]],
  ["ERR_FILE_ESCAPES", "the source is a link out", [writable("link-out", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is a file", [writable("seed/a.txt", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is the application", [writable(".", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is the application by dots", [writable("data/..", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is a link to the application", [writable("link-app", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is Gyre's own", [writable(".gyre", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is a link to Gyre's own", [writable("link-state", "/x")]],
  ["ERR_FILE_WRITABLE", "the source is excluded", [writable("data", "/x")], ["data"]],
  ["ERR_FILE_WRITABLE", "something in it is excluded", [writable("data", "/x")], ["data/old.txt"]],
  ["ERR_FILE_WRITABLE", "something in it may be excluded", [writable("data", "/x")], ["**/*.key"]],
  ["ERR_FILE_WRITABLE", "a glob may exclude it", [writable("data/sub", "/x")], ["d*/[s]ub/**"]],
  ["ERR_FILE_WRITABLE", "its link's target is excluded", [writable("link-in", "/x")], ["data/*"]],
  ["ERR_FILE_DESTINATION", "the destination is relative", [writable("data", "x")]],
  ["ERR_FILE_DESTINATION", "the destination leads up", [writable("data", "/../x")]],
  ["ERR_FILE_CONFLICT", "two have one destination", [
    writable("data", "/x"),
    writable("seed", "/x/"),
  ]],
  ["ERR_FILE_CONFLICT", "it covers all copies", [pattern("seed"), writable("data", "/")]],
  ["ERR_FILE_CONFLICT", "it covers a copy", [copy("seed", "/x/seed"), writable("data", "/x")]],
  ["ERR_FILE_CONFLICT", "it covers a file", [copy("seed/a.txt", "/x"), writable("data", "/x")]],
  ["ERR_FILE_CONFLICT", "it is within a file", [
    copy("seed/a.txt", "/x"),
    writable("data", "/x/y"),
  ]],
  ["ERR_FILE_CONFLICT", "a pattern finds a file there", [
    pattern("seed/*"),
    writable("data", "/seed/a.txt"),
  ]],
];

for (const [code, name, files, excludeFiles] of REFUSED) {
  Deno.test(`stageFiles() throws ${code} for a writable directory when ${name}`, async () => {
    await using dir = await tempDirectory();
    const baseDir = await makeApp(dir);
    const component = componentWith(files, excludeFiles);
    await assert.rejects(
      stageFiles({ component, baseDir, into: join(dir.path, "into") }),
      (error) => {
        assert.ok(error instanceof LoadError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, /component "hello"/);
        return true;
      },
    );
  });
}

Deno.test("stageFiles() mounts a writable directory that no exclusion can reach", async () => {
  await using dir = await tempDirectory();
  const baseDir = await makeApp(dir);
  const excludeFiles = ["seed/*", "data2", "*/other/**", "old.txt", "data/sub2"];
  const component = componentWith([writable("data/sub", "/x")], excludeFiles);
  const { mounts } = await stageFiles({ component, baseDir, into: join(dir.path, "into") });
  assert.equal(mounts.length, 1);
});
