import assert from "node:assert/strict";
import { resolvePath } from "../../../../../src/host/wasi/p2/filesystem/resolve_path.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture, SECRET } from "./mount_fixture.ts";
import { locationOf } from "./mount_of.ts";

function outcome(mount: MountFixture, path: string, followLast = true): string {
  const directory = locationOf(mount.path);
  try {
    const { hostPath } = resolvePath(directory, path, { followLast });
    return `/${hostPath.slice(mount.path.length + 1)}`;
  } catch (error) {
    assert(typeof error === "string", `${path} threw ${error}`);
    return error;
  }
}

const FRIENDLY: Readonly<Record<string, string>> = {
  "a.txt": "/a.txt",
  "./a.txt": "/a.txt",
  ".": "/",
  "./": "/",
  "dir": "/dir",
  "dir/": "/dir",
  "dir//b.txt": "/dir/b.txt",
  "dir/./deep/../b.txt": "/dir/b.txt",
  "dir/deep/ü.txt": "/dir/deep/ü.txt",
  "dir/..": "/",
  "dir/../a.txt": "/a.txt",
  "link-file": "/a.txt",
  "link-dir": "/dir",
  "link-dir/b.txt": "/dir/b.txt",
  "link-slash/b.txt": "/dir/b.txt",
  "dir/link-up": "/a.txt",
  "link-dir/link-up": "/a.txt",
  "dir/link-here/link-here/b.txt": "/dir/b.txt",
  "dir/deep/link-mount/a.txt": "/a.txt",
  "link-dir/../a.txt": "/a.txt",
};

Deno.test("resolvePath() finds what is beneath the mount", () => {
  using mount = new MountFixture();
  for (const [path, expected] of Object.entries(FRIENDLY)) {
    assert.equal(outcome(mount, path), expected, path);
  }
});

Deno.test("resolvePath() stops at a link at the end when told to", () => {
  using mount = new MountFixture();
  assert.equal(outcome(mount, "link-file", false), "/link-file");
  assert.equal(outcome(mount, "link-abs", false), "/link-abs");
  assert.equal(outcome(mount, "link-dir/", false), "/dir");
  assert.equal(outcome(mount, "link-dir/b.txt", false), "/dir/b.txt");
  assert.equal(outcome(mount, "link-out/", false), "not-permitted");
});

const HOSTILE: Readonly<Record<string, string>> = {
  "": "no-entry",
  "/": "not-permitted",
  "//": "not-permitted",
  "/a.txt": "not-permitted",
  "/etc/passwd": "not-permitted",
  "//etc/passwd": "not-permitted",
  "/proc/self/environ": "not-permitted",
  "..": "not-permitted",
  "../": "not-permitted",
  "../..": "not-permitted",
  "./..": "not-permitted",
  ".//..": "not-permitted",
  "../secret.txt": "not-permitted",
  "../mount/a.txt": "not-permitted",
  "../mount-evil/secret.txt": "not-permitted",
  "dir/../../secret.txt": "not-permitted",
  "dir/../..": "not-permitted",
  "dir/deep/../../../secret.txt": "not-permitted",
  "dir/./../../mount/a.txt": "not-permitted",
  "dir/deep/../../../../../../../../../../etc/passwd": "not-permitted",
  "link-dir/../../secret.txt": "not-permitted",
  "link-dir/deep/../../../secret.txt": "not-permitted",
  "link-abs": "not-permitted",
  "link-abs/": "not-permitted",
  "link-abs-inside": "not-permitted",
  "link-abs-double": "not-permitted",
  "link-root": "not-permitted",
  "link-root/etc/passwd": "not-permitted",
  "link-root/../etc/passwd": "not-permitted",
  "link-proc": "not-permitted",
  "link-out": "not-permitted",
  "link-out/../a.txt": "not-permitted",
  "link-out-dir": "not-permitted",
  "link-out-dir/secret.txt": "not-permitted",
  "link-out-dir/mount/a.txt": "not-permitted",
  "link-out-sibling/secret.txt": "not-permitted",
  "link-out-and-in": "not-permitted",
  "link-out-by-dir": "not-permitted",
  "link-out-by-link": "not-permitted",
  "link-out-by-chain": "not-permitted",
  "dir/link-out": "not-permitted",
  "link-dir/link-out": "not-permitted",
  "dir/deep/link-out-dir/secret.txt": "not-permitted",
  "dir/deep/link-mount/..": "not-permitted",
  "dir/deep/link-mount/../secret.txt": "not-permitted",
  "dir/deep/link-mount/link-out": "not-permitted",
  "link-self": "loop",
  "link-self/a.txt": "loop",
  "link-loop-1": "loop",
  "link-loop-2/../a.txt": "loop",
  "link-dangling": "no-entry",
  "missing": "no-entry",
  "missing/../a.txt": "no-entry",
  "missing/../../secret.txt": "no-entry",
  "...": "no-entry",
  ".. ": "no-entry",
  "..%2fsecret.txt": "no-entry",
  "%2e%2e/secret.txt": "no-entry",
  "..\\secret.txt": "no-entry",
  "..\u2215secret.txt": "no-entry",
  "\uff0e\uff0e/secret.txt": "no-entry",
  "~/secret.txt": "no-entry",
  "file:///etc/passwd": "no-entry",
  "A.TXT": "no-entry",
  "a.txt/": "not-directory",
  "a.txt/.": "not-directory",
  "a.txt/..": "not-directory",
  "a.txt/../../secret.txt": "not-directory",
  "link-file/": "not-directory",
  "link-file-slash": "not-directory",
  "a.txt\0": "invalid",
  "\0": "invalid",
  "dir\0/../../secret.txt": "invalid",
  ["a".repeat(256)]: "name-too-long",
  ["a/".repeat(2049)]: "name-too-long",
  [`${"dir/../".repeat(580)}../secret.txt`]: "not-permitted",
};

Deno.test("resolvePath() refuses what leads out of the mount or nowhere", () => {
  using mount = new MountFixture();
  const entries = Object.entries(HOSTILE);
  assert(entries.length >= 70);
  for (const [path, expected] of entries) {
    assert.equal(outcome(mount, path), expected, JSON.stringify(path));
  }
});

Deno.test("resolvePath() follows 40 links and no more", () => {
  using mount = new MountFixture();
  Deno.symlinkSync("a.txt", `${mount.path}/hop-1`);
  for (let hop = 2; hop <= 41; hop += 1) {
    Deno.symlinkSync(`hop-${hop - 1}`, `${mount.path}/hop-${hop}`);
  }
  assert.equal(outcome(mount, "hop-40"), "/a.txt");
  assert.equal(outcome(mount, "hop-41"), "loop");
});

Deno.test("resolvePath() keeps every path made of hostile parts in the mount", () => {
  using mount = new MountFixture();
  const parts = ["", ".", "..", "..", "a.txt", "dir", "deep", "missing"].concat(
    mount.links,
    mount.links.map((link) => link.split("/").at(-1) ?? link),
  );
  const random = numbers(20_260_101);
  let found = 0;
  for (let round = 0; round < 4_000; round += 1) {
    const path = Array.from(
      { length: 1 + random(6) },
      () => parts[random(parts.length)],
    ).join("/");
    const result = outcome(mount, path, random(2) === 0);
    if (!result.startsWith("/")) continue;
    found += 1;
    const hostPath = `${mount.path}${result}`;
    const info = Deno.lstatSync(hostPath);
    if (info.isSymlink) continue;
    assert.equal(Deno.realPathSync(hostPath), hostPath.replace(/\/$/, ""), path);
    if (info.isFile) assert.notEqual(Deno.readTextFileSync(hostPath), SECRET);
  }
  assert(found > 100, `only ${found} paths led anywhere`);
});

/** A small generator (Lehmer, 1951), so that a failure comes again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

Deno.test("resolvePath() starts from a directory and does not leave it", () => {
  using mount = new MountFixture();
  const directory = locationOf(mount.path);
  const dir = resolvePath(directory, "dir", { followLast: true });
  const resolve = (path: string) => resolvePath(dir, path, { followLast: true }).hostPath;
  assert.equal(resolve("b.txt"), `${mount.path}/dir/b.txt`);
  assert.equal(resolve("deep/.."), `${mount.path}/dir`);
  for (const path of ["..", "../a.txt", "link-up", "deep/../../a.txt"]) {
    assert.equal(thrown(() => resolve(path)), "not-permitted", path);
  }
});

Deno.test("resolvePath() notices that a directory was replaced by a link", () => {
  using mount = new MountFixture();
  const directory = locationOf(mount.path);
  const deep = resolvePath(directory, "dir/deep", { followLast: true });
  Deno.renameSync(`${mount.path}/dir`, `${mount.path}/old`);
  Deno.symlinkSync("old", `${mount.path}/dir`);
  assert.equal(
    thrown(() => resolvePath(deep, "ü.txt", { followLast: true })),
    "not-directory",
  );
});
