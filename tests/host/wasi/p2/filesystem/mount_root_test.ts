import assert from "node:assert/strict";
import type { Mount } from "../../../../../src/policy/policy.ts";
import type { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { FileDescriptor } from "../../../../../src/host/wasi/p2/filesystem/file_descriptor.ts";
import { preopens } from "../../../../../src/host/wasi/p2/filesystem/preopens.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";

/** Directories `root` (with `data/`, `plain/`), `data` (with `x.txt`) and `inner`. */
class Mounts implements Disposable {
  readonly around = Deno.realPathSync(Deno.makeTempDirSync());

  constructor() {
    for (const name of ["root/data", "root/plain", "data", "inner"]) {
      Deno.mkdirSync(`${this.around}/${name}`, { recursive: true });
      Deno.writeTextFileSync(`${this.around}/${name}/x.txt`, name);
    }
    Deno.symlinkSync("data", `${this.around}/root/link`);
    Deno.symlinkSync("../x.txt", `${this.around}/data/up`);
  }

  /** Mounts `name:guestPath` or `name:guestPath:rw`. */
  open(...mounts: readonly string[]): DirectoryDescriptor[] {
    const parsed = mounts.map((text): Mount => {
      const [name = "", guestPath = "", access] = text.split(":");
      return { hostPath: `${this.around}/${name}`, guestPath, writable: access === "rw" };
    });
    const directories = call(
      preopens.create(guestContext({ mounts: parsed })),
      "getDirectories",
    ) as [DirectoryDescriptor, string][];
    assert.deepEqual(directories.map(([, path]) => path), parsed.map((mount) => mount.guestPath));
    return directories.map(([directory]) => directory);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.around, { recursive: true });
  }
}

function read(directory: DirectoryDescriptor | undefined, path: string): string {
  const file = directory?.openAt({ symlinkFollow: true }, path, {}, { read: true });
  assert(file instanceof FileDescriptor);
  const [bytes] = file.read(100n, 0n);
  file[Symbol.dispose]();
  return new TextDecoder().decode(bytes);
}

Deno.test("a mount covers what stands there in the mount around it", () => {
  using mounts = new Mounts();
  const [root, data] = mounts.open("root:/", "data:/data:rw");
  assert.equal(read(root, "plain/x.txt"), "root/plain");
  assert.equal(read(root, "data/x.txt"), "data");
  assert.equal(read(root, "link/x.txt"), "data");
  assert.equal(read(root, "data/../plain/x.txt"), "root/plain");
  assert.equal(read(root, "plain/../data/./x.txt"), "data");
  assert.equal(read(data, "x.txt"), "data");
  assert.equal(thrown(() => read(data, "../plain/x.txt")), "not-permitted");
  // A link belongs to where the guest meets it: above the mount is what the guest sees there.
  assert.equal(thrown(() => read(root, "data/up")), "no-entry");
  assert.equal(thrown(() => read(data, "up")), "not-permitted");
});

Deno.test("a mount within another keeps its own access", () => {
  using mounts = new Mounts();
  const [root] = mounts.open("root:/", "data:/data:rw", "inner:/data/inner");
  const write = { write: true };
  const create = { create: true };
  assert.equal(thrown(() => root?.openAt({}, "new", create, write)), "read-only");
  assert.equal(thrown(() => root?.openAt({}, "data/inner/new", create, write)), "read-only");
  assert.equal(thrown(() => root?.unlinkFileAt("data/inner/x.txt")), "read-only");
  root?.createDirectoryAt("data/new");
  assert.deepEqual([...Deno.readDirSync(`${mounts.around}/data`)].length, 3);
  assert.equal(read(root, "data/inner/x.txt"), "inner");
});

Deno.test("nothing is moved or linked from one mount to another", () => {
  using mounts = new Mounts();
  const directories = mounts.open("root:/:rw", "data:/data:rw", "inner:/ro");
  const [root, data, readOnly] = directories;
  assert(root !== undefined && data !== undefined && readOnly !== undefined);
  const attempts: readonly (readonly [() => void, string])[] = [
    [() => root.renameAt("plain/x.txt", data, "y"), "cross-device"],
    [() => root.renameAt("plain/x.txt", root, "data/y"), "cross-device"],
    [() => data.renameAt("x.txt", root, "y"), "cross-device"],
    [() => root.renameAt("data/x.txt", root, "y"), "cross-device"],
    [() => root.linkAt({}, "plain/x.txt", data, "y"), "cross-device"],
    [() => root.linkAt({}, "data/x.txt", root, "y"), "cross-device"],
    [() => root.renameAt("plain/x.txt", readOnly, "y"), "read-only"],
    [() => root.renameAt("plain/x.txt", readOnly, "x.txt"), "read-only"],
    [() => readOnly.renameAt("x.txt", root, "y"), "read-only"],
    [() => readOnly.linkAt({}, "x.txt", root, "y"), "read-only"],
    [() => root.linkAt({}, "plain/x.txt", readOnly, "y"), "read-only"],
    [() => root.renameAt("plain/x.txt", root, "ro/x.txt"), "read-only"],
  ];
  for (const [attempt, expected] of attempts) {
    assert.equal(thrown(attempt), expected, String(attempt));
  }
});

Deno.test("a mount and what is around it stay where they are", () => {
  using mounts = new Mounts();
  Deno.mkdirSync(`${mounts.around}/root/a/b`, { recursive: true });
  const [root] = mounts.open("root:/:rw", "data:/data:rw", "inner:/a/b:rw");
  assert(root !== undefined);
  const attempts: readonly (readonly [() => void, string])[] = [
    [() => root.renameAt("data", root, "moved"), "busy"],
    [() => root.renameAt("a", root, "moved"), "busy"],
    [() => root.renameAt("plain", root, "data"), "busy"],
    [() => root.removeDirectoryAt("data"), "busy"],
    [() => root.removeDirectoryAt("a"), "busy"],
    [() => root.unlinkFileAt("data"), "is-directory"],
    [() => root.createDirectoryAt("data"), "exist"],
  ];
  for (const [attempt, expected] of attempts) {
    assert.equal(thrown(attempt), expected, String(attempt));
  }
  assert.equal(read(root, "data/x.txt"), "data");
});

Deno.test("a mount is found through another though nothing stands there", () => {
  using mounts = new Mounts();
  const [root] = mounts.open("plain:/none", "root:/", "inner:/new/");
  assert.equal(thrown(() => root?.stat()), "no-entry");
  const [, second] = mounts.open("data:/data", "root:/", "inner:/new/");
  assert.equal(read(second, "new/x.txt"), "inner");
  assert.equal(read(second, "data/x.txt"), "data");
});
