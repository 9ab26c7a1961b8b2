import assert from "node:assert/strict";
import type { Descriptor } from "../../../../../src/host/wasi/p2/filesystem/descriptor.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";

/** What a guest does in a writable mount, and what comes of it: an error code, or what it made. */
type Change = readonly [
  name: string,
  change: (root: Descriptor) => void,
  expected: string | ((path: string) => unknown),
];

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const gone = (name: string) => (path: string) => !exists(`${path}/${name}`);
const text = (name: string, content: string) => (path: string) =>
  Deno.readTextFileSync(`${path}/${name}`) === content;

const CHANGES: readonly Change[] = [
  ["mkdir", (root) => root.createDirectoryAt("new"), (path) => exists(`${path}/new`)],
  ["mkdir with slash", (root) => root.createDirectoryAt("new//"), (path) => exists(`${path}/new`)],
  [
    "mkdir in a linked directory",
    (root) => root.createDirectoryAt("link-dir/new"),
    (path) => exists(`${path}/dir/new`),
  ],
  ["mkdir of a directory", (root) => root.createDirectoryAt("dir"), "exist"],
  ["mkdir of a file", (root) => root.createDirectoryAt("a.txt"), "exist"],
  ["mkdir of a dangling link", (root) => root.createDirectoryAt("link-dangling"), "exist"],
  ["mkdir of the root", (root) => root.createDirectoryAt("."), "exist"],
  ["mkdir in a missing one", (root) => root.createDirectoryAt("missing/new"), "no-entry"],
  ["mkdir in a file", (root) => root.createDirectoryAt("a.txt/new"), "not-directory"],
  ["mkdir of nothing", (root) => root.createDirectoryAt(""), "no-entry"],
  ["mkdir of a long name", (root) => root.createDirectoryAt("x".repeat(256)), "name-too-long"],
  ["mkdir of a long path", (root) => root.createDirectoryAt("x/".repeat(3_000)), "name-too-long"],
  ["mkdir of a NUL", (root) => root.createDirectoryAt("a\0b"), "invalid"],
  ["mkdir with a dot at the end", (root) => root.createDirectoryAt("new/."), "no-entry"],

  ["rmdir", (root) => {
    root.unlinkFileAt("dir/deep/ü.txt");
    root.unlinkFileAt("dir/deep/link-out-dir");
    root.unlinkFileAt("dir/deep/link-mount");
    root.removeDirectoryAt("dir/deep/");
  }, gone("dir/deep")],
  ["rmdir of a full one", (root) => root.removeDirectoryAt("dir"), "not-empty"],
  ["rmdir of a file", (root) => root.removeDirectoryAt("a.txt"), "not-directory"],
  ["rmdir of a link", (root) => root.removeDirectoryAt("link-dir"), "not-directory"],
  ["rmdir of a link with slash", (root) => root.removeDirectoryAt("link-dir/"), "not-directory"],
  ["rmdir of a missing one", (root) => root.removeDirectoryAt("missing"), "no-entry"],
  ["rmdir of a dot", (root) => root.removeDirectoryAt("dir/."), "invalid"],
  ["rmdir of dots", (root) => root.removeDirectoryAt("dir/deep/.."), "invalid"],
  ["rmdir of the root", (root) => root.removeDirectoryAt("."), "invalid"],

  ["unlink", (root) => root.unlinkFileAt("a.txt"), gone("a.txt")],
  [
    "unlink of a link",
    (root) => root.unlinkFileAt("link-file"),
    (path) => !exists(`${path}/link-file`) && exists(`${path}/a.txt`),
  ],
  [
    "unlink of a link to a directory",
    (root) => root.unlinkFileAt("link-dir"),
    (path) => !exists(`${path}/link-dir`) && exists(`${path}/dir/b.txt`),
  ],
  ["unlink of a link out", (root) => root.unlinkFileAt("link-out"), gone("link-out")],
  ["unlink of a directory", (root) => root.unlinkFileAt("dir"), "is-directory"],
  ["unlink of an empty directory", (root) => {
    root.createDirectoryAt("new");
    root.unlinkFileAt("new");
  }, "is-directory"],
  ["unlink of a file with slash", (root) => root.unlinkFileAt("a.txt/"), "not-directory"],
  ["unlink of a missing one", (root) => root.unlinkFileAt("missing"), "no-entry"],
  ["unlink of the root", (root) => root.unlinkFileAt("."), "is-directory"],

  [
    "rename",
    (root) => root.renameAt("a.txt", root, "b"),
    (path) => text("b", "hello")(path) && !exists(`${path}/a.txt`),
  ],
  [
    "rename over a file",
    (root) => root.renameAt("a.txt", root, "dir/b.txt"),
    text(
      "dir/b.txt",
      "hello",
    ),
  ],
  ["rename between descriptors", (root) => {
    const dir = root.openAt({}, "dir", {}, {});
    const deep = dir.openAt({}, "deep", {}, {});
    dir.renameAt("b.txt", deep, "b.txt");
  }, (path) => exists(`${path}/dir/deep/b.txt`)],
  [
    "rename of a directory",
    (root) => root.renameAt("dir", root, "new/"),
    (path) => exists(`${path}/new/deep/ü.txt`),
  ],
  [
    "rename of a link, not of its target",
    (root) => root.renameAt("link-file", root, "l"),
    (path) => Deno.readLinkSync(`${path}/l`) === "a.txt",
  ],
  [
    "rename onto a link, not onto its target",
    (root) => root.renameAt("dir/b.txt", root, "link-file"),
    (path) => text("a.txt", "hello")(path) && text("link-file", "")(path),
  ],
  ["rename to itself", (root) => root.renameAt("a.txt", root, "./a.txt"), text("a.txt", "hello")],
  ["rename of a missing one", (root) => root.renameAt("missing", root, "b"), "no-entry"],
  ["rename into a missing one", (root) => root.renameAt("a.txt", root, "missing/b"), "no-entry"],
  ["rename of a file to a slash", (root) => root.renameAt("a.txt", root, "b/"), "not-directory"],
  [
    "rename of a file onto a directory",
    (root) => root.renameAt("a.txt", root, "dir"),
    "is-directory",
  ],
  [
    "rename of a directory onto a file",
    (root) => root.renameAt("dir", root, "a.txt"),
    "not-directory",
  ],
  ["rename onto a full directory", (root) => {
    root.createDirectoryAt("new");
    root.renameAt("new", root, "dir");
  }, "not-empty"],
  ["rename of a directory into itself", (root) => root.renameAt("dir", root, "dir/new"), "invalid"],
  ["rename of the root", (root) => root.renameAt(".", root, "b"), "busy"],
  ["rename onto dots", (root) => root.renameAt("a.txt", root, "dir/.."), "busy"],

  [
    "link",
    (root) => root.linkAt({}, "a.txt", root, "dir/hard"),
    (path) => Deno.statSync(`${path}/dir/hard`).ino === Deno.statSync(`${path}/a.txt`).ino,
  ],
  [
    "link of a link itself",
    (root) => root.linkAt({}, "link-file", root, "hard"),
    (path) => Deno.readLinkSync(`${path}/hard`) === "a.txt",
  ],
  [
    "link that follows",
    (root) => root.linkAt({ symlinkFollow: true }, "a.txt", root, "hard"),
    "invalid",
  ],
  ["link of a directory", (root) => root.linkAt({}, "dir", root, "hard"), "not-permitted"],
  ["link of a missing one", (root) => root.linkAt({}, "missing", root, "hard"), "no-entry"],
  ["link over a file", (root) => root.linkAt({}, "a.txt", root, "dir/b.txt"), "exist"],
  ["link to a slash", (root) => root.linkAt({}, "a.txt", root, "hard/"), "no-entry"],

  [
    "symlink",
    (root) => root.symlinkAt("../a.txt", "dir/soft"),
    (path) => Deno.readTextFileSync(`${path}/dir/soft`) === "hello",
  ],
  [
    "symlink to nowhere",
    (root) => root.symlinkAt("missing", "soft"),
    (path) => Deno.readLinkSync(`${path}/soft`) === "missing",
  ],
  ["symlink to the root", (root) => root.symlinkAt("/", "soft"), "not-permitted"],
  ["symlink over a file", (root) => root.symlinkAt("x", "a.txt"), "exist"],
  ["symlink over a dangling link", (root) => root.symlinkAt("x", "link-dangling"), "exist"],
  ["symlink to nothing", (root) => root.symlinkAt("", "soft"), "no-entry"],
  ["symlink with slash", (root) => root.symlinkAt("x", "soft/"), "no-entry"],
  ["symlink with a NUL", (root) => root.symlinkAt("a\0b", "soft"), "invalid"],
  ["symlink to a long path", (root) => root.symlinkAt("x/".repeat(3_000), "soft"), "name-too-long"],
  ["symlink in a missing one", (root) => root.symlinkAt("x", "missing/soft"), "no-entry"],
];

for (const [name, change, expected] of CHANGES) {
  Deno.test(`${name} ${typeof expected === "string" ? `answers ${expected}` : "does it"}`, () => {
    using mount = new MountFixture();
    if (typeof expected === "string") {
      assert.equal(thrown(() => change(mount.writable)), expected);
    } else {
      change(mount.writable);
      assert.equal(expected(mount.path), true);
    }
  });
}

Deno.test("names that differ only in case or in Unicode's form are different names", {
  ignore: Deno.build.os !== "linux",
}, () => {
  using mount = new MountFixture();
  const names = ["n", "N", "caf\u00e9", "cafe\u0301", "\ufb01", "fi"];
  for (const name of names) mount.writable.createDirectoryAt(name);
  for (const name of names) mount.writable.removeDirectoryAt(name);
});

Deno.test("a descriptor goes along with its directory, and one beneath it too", () => {
  using mount = new MountFixture();
  const root = mount.writable;
  const dir = root.openAt({}, "dir", {}, {});
  const deep = dir.openAt({}, "deep", {}, {});
  root.createDirectoryAt("new");
  root.renameAt("dir", root, "new/dir");
  assert.equal(dir.statAt({}, "b.txt").type, "regular-file");
  deep.createDirectoryAt("made");
  assert.ok(exists(`${mount.path}/new/dir/deep/made`));
  dir.renameAt("deep", root, "deep");
  assert.equal(deep.statAt({}, "made").type, "directory");
  assert.equal(thrown(() => deep.statAt({}, "../a.txt")), "not-permitted");
});

Deno.test("a descriptor does not take another directory for its own", () => {
  using mount = new MountFixture();
  const dir = mount.writable.openAt({}, "dir", {}, {});
  Deno.renameSync(`${mount.path}/dir`, `${mount.path}/old`);
  assert.equal(thrown(() => dir.createDirectoryAt("x")), "no-entry");
  Deno.mkdirSync(`${mount.path}/dir`);
  assert.equal(thrown(() => dir.createDirectoryAt("x")), "no-entry");
  assert.equal(thrown(() => dir.readDirectory()), "no-entry");
  Deno.removeSync(`${mount.path}/dir`);
  Deno.symlinkSync("old", `${mount.path}/dir`);
  assert.equal(thrown(() => dir.createDirectoryAt("x")), "not-directory");
});
