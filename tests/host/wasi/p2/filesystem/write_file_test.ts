import assert from "node:assert/strict";
import {
  LONGEST_READ,
  MOST_LISTED_ENTRIES,
  MOST_OPEN_DESCRIPTORS,
} from "../../../../../src/host/wasi/p2/filesystem/bounds.ts";
import type { NewTimestamp } from "../../../../../src/host/wasi/p2/filesystem/descriptor_types.ts";
import { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { FileDescriptor } from "../../../../../src/host/wasi/p2/filesystem/file_descriptor.ts";
import { FilesystemError } from "../../../../../src/host/wasi/p2/filesystem/filesystem_error.ts";
import { preopens } from "../../../../../src/host/wasi/p2/filesystem/preopens.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";

const BOTH = { read: true, write: true };

function open(mount: MountFixture, path = "a.txt", flags = BOTH): FileDescriptor {
  const file = mount.writable.openAt({}, path, { create: true }, flags);
  assert(file instanceof FileDescriptor);
  return file;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("write() writes anywhere in a file and fills what is skipped with zeroes", () => {
  using mount = new MountFixture();
  using file = open(mount);
  assert.equal(file.write(bytes("J"), 0n), 1n);
  assert.equal(file.write(bytes("!"), 7n), 1n);
  assert.equal(file.write(new Uint8Array(), 0n), 0n);
  assert.equal(Deno.readTextFileSync(`${mount.path}/a.txt`), "Jello\0\0!");
  assert.equal(thrown(() => file.write(bytes("x"), 2n ** 64n - 1n)), "invalid");
});

Deno.test("setSize() cuts off and fills up", () => {
  using mount = new MountFixture();
  using file = open(mount);
  file.setSize(2n);
  file.setSize(4n);
  assert.equal(Deno.readTextFileSync(`${mount.path}/a.txt`), "he\0\0");
  assert.equal(thrown(() => file.setSize(2n ** 62n)), "file-too-large");
  assert.equal(thrown(() => file.setSize(2n ** 53n - 1n)), "file-too-large");
});

Deno.test("streams write where they are told and do not disturb each other", () => {
  using mount = new MountFixture();
  using file = open(mount);
  using at = file.writeViaStream(1n);
  using end = file.appendViaStream();
  at.blockingWriteAndFlush(bytes("EL"));
  end.blockingWriteAndFlush(bytes("12"));
  Deno.writeTextFileSync(`${mount.path}/a.txt`, "3", { append: true });
  at.blockingWriteAndFlush(bytes("L"));
  end.blockingWriteAndFlush(bytes("4"));
  assert.equal(Deno.readTextFileSync(`${mount.path}/a.txt`), "hELLo1234");
  assert.equal(at.checkWrite(), 65_536n);
  assert(at.subscribe().ready());
});

Deno.test("a stream appends to its file wherever that is by now", () => {
  using mount = new MountFixture();
  for (const replacement of ["dir/b.txt", undefined]) {
    using file = open(mount, "file");
    using stream = file.appendViaStream();
    mount.writable.renameAt("file", mount.writable, "moved");
    if (replacement !== undefined) {
      Deno.copyFileSync(`${mount.path}/${replacement}`, `${mount.path}/file`);
    }
    stream.blockingWriteAndFlush(bytes("1"));
    stream.blockingWriteAndFlush(bytes("2"));
    assert.equal(Deno.readTextFileSync(`${mount.path}/moved`), "12");
    if (replacement !== undefined) assert.equal(Deno.readTextFileSync(`${mount.path}/file`), "");
    Deno.removeSync(`${mount.path}/moved`);
  }
});

Deno.test("an output stream outlives its descriptor and fails with the file's error", () => {
  using mount = new MountFixture();
  const file = open(mount);
  const stream = file.writeViaStream(2n ** 64n - 1n);
  file[Symbol.dispose]();
  const error = thrown(() => stream.blockingWriteAndFlush(bytes("x"))) as { val: unknown };
  assert(error.val instanceof FilesystemError);
  assert.equal(error.val.code, "invalid");
  stream[Symbol.dispose]();
});

const NO_CHANGE: NewTimestamp = { tag: "no-change" };

function at(seconds: number, nanoseconds = 0): NewTimestamp {
  return { tag: "timestamp", val: { seconds: BigInt(seconds), nanoseconds } };
}

Deno.test("setTimes() and setTimesAt() set what is to change, of files, directories and links", () => {
  using mount = new MountFixture();
  using file = open(mount);
  const dir = mount.writable.openAt({}, "dir", {}, {});
  const follow = { symlinkFollow: true };
  const root = mount.writable;
  const setters: Readonly<Record<string, (a: NewTimestamp, m: NewTimestamp) => void>> = {
    "a.txt": (access, modification) => file.setTimes(access, modification),
    "dir": (access, modification) => dir.setTimes(access, modification),
    "dir/b.txt": (access, modification) => root.setTimesAt({}, "dir/b.txt", access, modification),
    "dir/deep": (access, modification) => root.setTimesAt({}, "dir/deep", access, modification),
    "link-dir": (access, modification) => root.setTimesAt({}, "link-dir", access, modification),
    "dir/deep/ü.txt": (access, modification) =>
      root.setTimesAt(follow, "link-dir/deep/ü.txt", access, modification),
  };
  for (const [name, set] of Object.entries(setters)) {
    const times = () => {
      const { atime, mtime } = Deno.lstatSync(`${mount.path}/${name}`);
      return [atime?.getTime(), mtime?.getTime()];
    };
    set(at(1, 1_999_999), at(1_600_000_000, 500_000_000));
    assert.deepEqual(times(), [1_001, 1_600_000_000_500], name);
    set(NO_CHANGE, at(2));
    assert.deepEqual(times(), [1_001, 2_000], name);
    set(NO_CHANGE, NO_CHANGE);
    assert.deepEqual(times(), [1_001, 2_000], name);
    const before = Date.now();
    set(at(3), { tag: "now" });
    const [access, modification = 0] = times();
    assert.equal(access, 3_000, name);
    assert.ok(modification >= before && modification <= Date.now(), name);
    assert.equal(thrown(() => set(at(1, 1_000_000_000), NO_CHANGE)), "invalid", name);
    assert.equal(thrown(() => set(at(9e15), NO_CHANGE)), "overflow", name);
  }
});

Deno.test("an instance may hold so many descriptors and streams open and no more", () => {
  using mount = new MountFixture();
  using file = open(mount);
  const dir = mount.writable.openAt({}, "dir", {}, {});
  assert(dir instanceof DirectoryDescriptor);
  // The fixture has its two mounts open.
  const held: Disposable[] = [file.readViaStream(0n), file.appendViaStream(), dir.readDirectory()];
  while (held.length < MOST_OPEN_DESCRIPTORS - 4) held.push(file.readViaStream(0n));
  const attempts = [
    () => mount.root.openAt({}, "a.txt", {}, {}),
    () => mount.root.openAt({}, "dir", {}, {}),
    () => mount.writable.openAt({}, "new", { create: true }, {}),
    () => file.readViaStream(0n),
    () => file.writeViaStream(0n),
    () => dir.readDirectory(),
  ];
  for (const attempt of attempts) assert.equal(thrown(attempt), "quota");
  assert.throws(() => Deno.lstatSync(`${mount.path}/new`), Deno.errors.NotFound);
  dir[Symbol.dispose]();
  dir[Symbol.dispose]();
  held.push(file.readViaStream(0n));
  assert.equal(thrown(() => file.readViaStream(0n)), "quota");
  for (const one of held) one[Symbol.dispose]();
  // What failed has left nothing behind.
  const again = Array.from({ length: MOST_OPEN_DESCRIPTORS - 3 }, () => file.readViaStream(0n));
  assert.equal(thrown(() => file.readViaStream(0n)), "quota");
  for (const one of again) one[Symbol.dispose]();
});

Deno.test("get-directories traps when it was called too often without a drop", () => {
  using mount = new MountFixture();
  const implementation = preopens.create(guestContext({
    mounts: [{ hostPath: mount.path, guestPath: "/", writable: false }],
  }));
  for (let count = 0; count < MOST_OPEN_DESCRIPTORS; count += 1) {
    call(implementation, "getDirectories");
  }
  const error = thrown(() => call(implementation, "getDirectories"));
  assert(error instanceof WebAssembly.RuntimeError);
});

Deno.test("the entries that directory streams hold are bounded", () => {
  using mount = new MountFixture();
  mount.files.acquireEntries(MOST_LISTED_ENTRIES - 5);
  const dir = mount.root.openAt({}, "dir", {}, {});
  const stream = dir.readDirectory();
  assert.equal(thrown(() => dir.readDirectory()), "insufficient-memory");
  stream[Symbol.dispose]();
  stream[Symbol.dispose]();
  assert.equal(stream.readDirectoryEntry(), undefined);
  dir.readDirectory();
});

Deno.test("read() gives no more than its bound at once", () => {
  using mount = new MountFixture();
  using file = open(mount);
  file.setSize(BigInt(LONGEST_READ) + 10n);
  const [first, end] = file.read(2n ** 64n - 1n, 0n);
  assert.deepEqual([first.length, end], [LONGEST_READ, false]);
});
