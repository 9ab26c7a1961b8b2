import assert from "node:assert/strict";
import type {
  DescriptorFlags,
  OpenFlags,
} from "../../../../../src/host/wasi/p2/filesystem/descriptor_types.ts";
import { FileDescriptor } from "../../../../../src/host/wasi/p2/filesystem/file_descriptor.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";

const FLAG_NAMES = ["create", "directory", "exclusive", "truncate"] as const;

/** Every combination of open flags, each with whether the descriptor is to be written. */
const COMBINATIONS = Array.from({ length: 32 }, (_, bits) => {
  const flags = FLAG_NAMES.map((name, index) => [name, (bits >> index & 1) === 1]);
  return { open: Object.fromEntries(flags) as Required<OpenFlags>, write: bits >= 16 };
});

/** What Linux and Wasmtime do, for what stands at the path. */
const EXPECTED: Readonly<
  Record<
    string,
    (open: Required<OpenFlags>, write: boolean) => string
  >
> = {
  "missing": ({ create }) => create ? "created" : "no-entry",
  "missing/": ({ create }) => create ? "is-directory" : "no-entry",
  "missing/x": () => "no-entry",
  "a.txt": ({ create, directory, exclusive, truncate }) =>
    create && exclusive ? "exist" : directory ? "not-directory" : truncate ? "emptied" : "opened",
  "a.txt/": () => "not-directory",
  "dir": ({ create, exclusive, truncate }, write) =>
    create && exclusive ? "exist" : create || truncate || write ? "is-directory" : "opened",
  "link-file": ({ create, exclusive }) => create && exclusive ? "exist" : "loop",
};

for (const [path, expected] of Object.entries(EXPECTED)) {
  Deno.test(`openAt() of ${path} answers every combination of flags`, () => {
    for (const { open, write } of COMBINATIONS) {
      using mount = new MountFixture();
      const wanted = open.directory && (open.create || open.exclusive || open.truncate)
        ? "invalid"
        : expected(open, write);
      const actual = outcome(mount, path, open, { read: true, write });
      assert.equal(actual, wanted, JSON.stringify({ path, ...open, write }));
    }
  });
}

function outcome(
  mount: MountFixture,
  path: string,
  open: OpenFlags,
  flags: DescriptorFlags,
): string {
  try {
    const descriptor = mount.writable.openAt({}, path, open, flags);
    if (descriptor instanceof FileDescriptor) descriptor[Symbol.dispose]();
  } catch (error) {
    assert.equal(typeof error, "string", String(error));
    assert.equal(Deno.readTextFileSync(`${mount.path}/a.txt`), "hello");
    assert.throws(() => Deno.lstatSync(`${mount.path}/missing`), Deno.errors.NotFound);
    return String(error);
  }
  if (path === "missing") return Deno.lstatSync(`${mount.path}/missing`).isFile ? "created" : "";
  return Deno.readTextFileSync(`${mount.path}/a.txt`) === "" ? "emptied" : "opened";
}

const READ_ONLY: readonly (readonly [string, OpenFlags, DescriptorFlags, string])[] = [
  ["missing", { create: true }, {}, "read-only"],
  ["missing", {}, { write: true }, "no-entry"],
  ["a.txt", { create: true }, {}, "read-only"],
  ["a.txt", { create: true, exclusive: true }, {}, "exist"],
  ["a.txt", { truncate: true }, {}, "read-only"],
  ["a.txt", {}, { write: true }, "read-only"],
  ["dir", {}, { write: true }, "read-only"],
  ["dir", {}, { mutateDirectory: true }, "read-only"],
];

Deno.test("openAt() changes nothing in a read-only mount", () => {
  using mount = new MountFixture();
  for (const [path, open, flags, expected] of READ_ONLY) {
    const error = thrown(() => mount.root.openAt({}, path, open, flags));
    assert.equal(error, expected, JSON.stringify([path, open, flags]));
  }
  assert.equal(Deno.readTextFileSync(`${mount.path}/a.txt`), "hello");
});

Deno.test("openAt() makes the file that a dangling link leads to", () => {
  using mount = new MountFixture();
  const create = { create: true };
  assert.equal(thrown(() => mount.writable.openAt({}, "link-dangling", create, {})), "loop");
  const descriptor = mount.writable.openAt(
    { symlinkFollow: true },
    "link-dangling",
    create,
    { write: true },
  );
  descriptor.write(new TextEncoder().encode("x"), 0n);
  assert.equal(Deno.readTextFileSync(`${mount.path}/nowhere`), "x");
});

Deno.test("openAt() takes the flags for writes that wait for the disk", () => {
  using mount = new MountFixture();
  for (const flag of ["fileIntegritySync", "dataIntegritySync", "requestedWriteSync"]) {
    const flags = { read: false, write: true, [flag]: true };
    const file = mount.writable.openAt({}, "a.txt", { truncate: true }, flags);
    assert.deepEqual(file.getFlags(), flags);
    file.write(new TextEncoder().encode(flag), 0n);
    assert.equal(Deno.readTextFileSync(`${mount.path}/a.txt`), flag);
  }
});

const ACCESS: readonly (readonly [DescriptorFlags, DescriptorFlags])[] = [
  [{}, { read: true, write: false }],
  [{ read: true }, { read: true, write: false }],
  [{ write: true }, { read: false, write: true }],
  [{ read: true, write: true }, { read: true, write: true }],
];

Deno.test("a file may be used as it was opened, however it was made", () => {
  using mount = new MountFixture();
  for (const [flags, expected] of ACCESS) {
    for (
      const [path, open] of [["a.txt", {}], ["a.txt", { truncate: true }], ["new", {
        create: true,
      }]] as const
    ) {
      const file = mount.writable.openAt({}, path, open, flags);
      assert.deepEqual(file.getFlags(), expected);
      const uses: readonly (readonly [boolean | undefined, () => unknown])[] = [
        [expected.read, () => file.read(1n, 0n)],
        [expected.read, () => file.readViaStream(0n)],
        [expected.write, () => file.write(Uint8Array.of(1), 0n)],
        [expected.write, () => file.writeViaStream(0n)],
        [expected.write, () => file.appendViaStream()],
        [expected.write, () => file.setSize(1n)],
      ];
      for (const [isAllowed, use] of uses) {
        if (isAllowed) use();
        else assert.equal(thrown(use), "bad-descriptor", String(use));
      }
      if (path === "new") mount.writable.unlinkFileAt("new");
    }
  }
});
