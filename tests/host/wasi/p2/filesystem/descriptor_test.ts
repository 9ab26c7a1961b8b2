import assert from "node:assert/strict";
import type { Descriptor } from "../../../../../src/host/wasi/p2/filesystem/descriptor.ts";
import type { OpenFlags } from "../../../../../src/host/wasi/p2/filesystem/descriptor_types.ts";
import { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { FileDescriptor } from "../../../../../src/host/wasi/p2/filesystem/file_descriptor.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";

const FOLLOW = { symlinkFollow: true };
const READ = { read: true };

function openFile(mount: MountFixture, path = "a.txt"): FileDescriptor {
  const descriptor = mount.root.openAt(FOLLOW, path, {}, READ);
  assert(descriptor instanceof FileDescriptor);
  return descriptor;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("openAt() opens files and directories, also through links", () => {
  using mount = new MountFixture();
  using file = openFile(mount, "link-dir/link-up");
  assert.equal(file.getType(), "regular-file");
  const directory = mount.root.openAt(FOLLOW, "link-dir", {}, READ);
  assert(directory instanceof DirectoryDescriptor);
  assert.equal(directory.getType(), "directory");
  assert.equal(directory.statAt({}, "b.txt").type, "regular-file");
  assert.deepEqual(file.getFlags(), { read: true, write: false });
  assert.deepEqual(directory.getFlags(), { read: true, mutateDirectory: false });
});

const REFUSED: readonly (readonly [string, OpenFlags, object, string])[] = [
  ["a.txt", { create: true }, READ, "read-only"],
  ["new.txt", { create: true, exclusive: true }, READ, "read-only"],
  ["a.txt", { truncate: true }, READ, "read-only"],
  ["a.txt", {}, { read: true, write: true }, "read-only"],
  ["dir", {}, { read: true, mutateDirectory: true }, "read-only"],
  ["a.txt", { directory: true }, READ, "not-directory"],
  ["link-file", { directory: true }, READ, "not-directory"],
  ["missing", {}, READ, "no-entry"],
  ["../secret.txt", {}, READ, "not-permitted"],
];

Deno.test("openAt() refuses what would write and what is not there", () => {
  using mount = new MountFixture();
  for (const [path, openFlags, flags, expected] of REFUSED) {
    assert.equal(
      thrown(() => mount.root.openAt(FOLLOW, path, openFlags, flags)),
      expected,
      path,
    );
  }
  assert.equal(
    thrown(() => Deno.lstatSync(`${mount.path}/new.txt`)) instanceof Deno.errors.NotFound,
    true,
  );
});

Deno.test("openAt() does not open a link itself", () => {
  using mount = new MountFixture();
  for (const path of ["link-file", "link-out", "link-abs", "link-dangling"]) {
    assert.equal(thrown(() => mount.root.openAt({}, path, {}, READ)), "loop");
  }
});

Deno.test("openAt() opens an existing file with `exclusive` alone, which writes nothing", () => {
  using mount = new MountFixture();
  const file = mount.root.openAt({}, "a.txt", { exclusive: true }, READ);
  assert(file instanceof FileDescriptor);
  file[Symbol.dispose]();
});

Deno.test("openAt() refuses what is neither a file nor a directory", {
  ignore: Deno.build.os === "windows",
}, () => {
  using mount = new MountFixture();
  using _listener = Deno.listen({ transport: "unix", path: `${mount.path}/s` });
  assert.equal(mount.root.statAt({}, "s").type, "socket");
  assert.equal(thrown(() => mount.root.openAt({}, "s", {}, READ)), "access");
});

Deno.test("read() reads anywhere in a file", () => {
  using mount = new MountFixture();
  using file = openFile(mount);
  const read = (length: bigint, offset: bigint) => {
    const [bytes, end] = file.read(length, offset);
    return [text(bytes), end];
  };
  assert.deepEqual(read(3n, 0n), ["hel", false]);
  assert.deepEqual(read(2n ** 64n - 1n, 2n), ["llo", false]);
  assert.deepEqual(read(1n, 5n), ["", true]);
  assert.deepEqual(read(1n, 10n ** 9n), ["", true]);
  assert.deepEqual(read(0n, 0n), ["", false]);
  assert.equal(thrown(() => file.read(1n, 2n ** 64n - 1n)), "invalid");
});

Deno.test("readViaStream() gives streams that do not disturb each other", () => {
  using mount = new MountFixture();
  using file = openFile(mount);
  using one = file.readViaStream(0n);
  using two = file.readViaStream(3n);
  assert.equal(text(one.read(2n)), "he");
  assert.deepEqual(two.blockingRead(1n), new TextEncoder().encode("l"));
  assert.equal(one.skip(1n), 1n);
  assert.equal(text(two.read(10n)), "o");
  assert.equal(text(one.read(10n)), "lo");
  assert.deepEqual(thrown(() => one.read(1n)), { tag: "closed" });
});

Deno.test("a stream outlives its descriptor, and the last of them closes the file", () => {
  using mount = new MountFixture();
  const file = openFile(mount);
  const one = file.readViaStream(0n);
  const two = file.readViaStream(0n);
  file[Symbol.dispose]();
  file[Symbol.dispose]();
  assert.equal(text(one.read(9n)), "hello");
  one[Symbol.dispose]();
  assert.equal(text(two.read(9n)), "hello");
  two[Symbol.dispose]();
});

Deno.test("readDirectory() lists each entry once, with its type", () => {
  using mount = new MountFixture();
  const list = (directory: Descriptor) => {
    const stream = directory.readDirectory();
    const entries: Record<string, string> = {};
    for (
      let entry = stream.readDirectoryEntry();
      entry !== undefined;
      entry = stream.readDirectoryEntry()
    ) {
      entries[entry.name] = entry.type;
    }
    assert.equal(stream.readDirectoryEntry(), undefined);
    return entries;
  };
  const directory = mount.root.openAt({}, "dir", { directory: true }, READ);
  assert.deepEqual(list(directory), {
    "b.txt": "regular-file",
    "deep": "directory",
    "link-here": "symbolic-link",
    "link-out": "symbolic-link",
    "link-up": "symbolic-link",
  });
  assert.deepEqual(list(directory.openAt({}, "deep", {}, READ)), {
    "link-mount": "symbolic-link",
    "link-out-dir": "symbolic-link",
    "ü.txt": "regular-file",
  });
});

Deno.test("stat() and statAt() tell the same about the same object", () => {
  using mount = new MountFixture();
  Deno.utimeSync(`${mount.path}/a.txt`, 1_700_000_000, 1_600_000_000.5);
  using file = openFile(mount);
  const stat = file.stat();
  assert.deepEqual(mount.root.statAt(FOLLOW, "link-file"), stat);
  assert.equal(stat.type, "regular-file");
  assert.equal(stat.size, 5n);
  assert.equal(stat.linkCount, 1n);
  assert.deepEqual(stat.dataModificationTimestamp, {
    seconds: 1_600_000_000n,
    nanoseconds: 500_000_000,
  });
  const link = mount.root.statAt({}, "link-file");
  assert.equal(link.type, "symbolic-link");
  assert.equal(link.size, 5n);
  assert.equal(mount.root.stat().type, "directory");
});

Deno.test("stat() tells no time before 1970, which WASI cannot write", () => {
  using mount = new MountFixture();
  Deno.utimeSync(`${mount.path}/a.txt`, new Date(-1), new Date(-1));
  const stat = mount.root.statAt({}, "a.txt");
  assert.equal(stat.dataModificationTimestamp, undefined);
});

Deno.test("readlinkAt() tells where a link leads unless that is absolute", () => {
  using mount = new MountFixture();
  assert.equal(mount.root.readlinkAt("link-file"), "a.txt");
  assert.equal(mount.root.readlinkAt("link-out"), "../secret.txt");
  assert.equal(mount.root.readlinkAt("link-dir/link-up"), "../a.txt");
  assert.equal(thrown(() => mount.root.readlinkAt("link-abs")), "not-permitted");
  assert.equal(thrown(() => mount.root.readlinkAt("a.txt")), "invalid");
});

Deno.test("metadataHash() changes with the object and its state only", () => {
  using mount = new MountFixture();
  using file = openFile(mount);
  const before = file.metadataHash();
  assert.deepEqual(file.metadataHash(), before);
  assert.deepEqual(mount.root.metadataHashAt(FOLLOW, "link-file"), before);
  assert.notDeepEqual(mount.root.metadataHashAt({}, "link-file"), before);
  assert.notDeepEqual(mount.root.metadataHash(), before);
  for (const word of [before.lower, before.upper]) {
    assert.equal(BigInt.asUintN(64, word), word);
  }
  Deno.writeTextFileSync(`${mount.path}/a.txt`, "changed");
  assert.notDeepEqual(file.metadataHash(), before);
});

Deno.test("isSameObject() compares objects, not paths", () => {
  using mount = new MountFixture();
  Deno.linkSync(`${mount.path}/a.txt`, `${mount.path}/hard.txt`);
  using file = openFile(mount);
  using hard = openFile(mount, "hard.txt");
  using other = openFile(mount, "dir/b.txt");
  const dir = mount.root.openAt({}, "dir", {}, READ);
  assert(file.isSameObject(file));
  assert(file.isSameObject(hard));
  assert(!file.isSameObject(other));
  assert(!file.isSameObject(dir));
  assert(dir.isSameObject(mount.root.openAt(FOLLOW, "link-dir", {}, READ)));
  Deno.removeSync(`${mount.path}/dir`, { recursive: true });
  assert(!dir.isSameObject(dir));
});

const NOW = { tag: "now" } as const;

const CHANGES: Readonly<Record<string, (descriptor: Descriptor) => unknown>> = {
  writeViaStream: (descriptor) => descriptor.writeViaStream(0n),
  appendViaStream: (descriptor) => descriptor.appendViaStream(),
  write: (descriptor) => descriptor.write(new Uint8Array(1), 0n),
  setSize: (descriptor) => descriptor.setSize(0n),
  setTimes: (descriptor) => descriptor.setTimes(NOW, NOW),
  setTimesAt: (descriptor) => descriptor.setTimesAt({}, "a.txt", NOW, NOW),
  createDirectoryAt: (descriptor) => descriptor.createDirectoryAt("new"),
  removeDirectoryAt: (descriptor) => descriptor.removeDirectoryAt("dir"),
  linkAt: (descriptor) => descriptor.linkAt({}, "a.txt", descriptor, "new"),
  symlinkAt: (descriptor) => descriptor.symlinkAt("a.txt", "new"),
  renameAt: (descriptor) => descriptor.renameAt("a.txt", descriptor, "new"),
  unlinkFileAt: (descriptor) => descriptor.unlinkFileAt("a.txt"),
};

Deno.test("every function that changes something answers read-only in a read-only mount", () => {
  using mount = new MountFixture();
  using file = openFile(mount);
  for (const [name, change] of Object.entries(CHANGES)) {
    assert.equal(thrown(() => change(mount.root)), "read-only", name);
  }
  for (const name of ["writeViaStream", "appendViaStream", "write", "setSize", "setTimes"]) {
    assert.equal(thrown(() => CHANGES[name]?.(file)), "read-only", name);
  }
});

Deno.test("sync(), syncData() and advise() succeed on everything", () => {
  using mount = new MountFixture();
  using file = openFile(mount);
  for (const descriptor of [mount.root, mount.writable, file]) {
    assert.equal(descriptor.sync(), undefined);
    assert.equal(descriptor.syncData(), undefined);
    assert.equal(descriptor.advise(), undefined);
  }
});

Deno.test("functions of files fail on directories and the other way round", () => {
  using mount = new MountFixture();
  using file = openFile(mount);
  assert.equal(thrown(() => mount.root.read(1n, 0n)), "is-directory");
  assert.equal(thrown(() => mount.root.readViaStream(0n)), "is-directory");
  for (
    const run of [
      () => file.readDirectory(),
      () => file.openAt({}, "x", {}, READ),
      () => file.statAt({}, "x"),
      () => file.metadataHashAt({}, "x"),
      () => file.readlinkAt("x"),
    ]
  ) {
    assert.equal(thrown(run), "not-directory");
  }
});

Deno.test("a mount that is missing or a link answers with an error on use", () => {
  using mount = new MountFixture();
  const missing = mount.mountOf(`${mount.path}/missing`);
  assert.equal(thrown(() => missing.readDirectory()), "no-entry");
  assert.equal(thrown(() => missing.stat()), "no-entry");
  const link = mount.mountOf(`${mount.path}/link-dir`);
  assert.equal(thrown(() => link.openAt({}, "b.txt", {}, READ)), "not-directory");
});
