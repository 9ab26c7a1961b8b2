import assert from "node:assert/strict";
import type { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { FilesystemError } from "../../../../../src/host/wasi/p2/filesystem/filesystem_error.ts";
import { InstanceFiles } from "../../../../../src/host/wasi/p2/filesystem/instance_files.ts";
import { preopens } from "../../../../../src/host/wasi/p2/filesystem/preopens.ts";
import { filesystemTypes } from "../../../../../src/host/wasi/p2/filesystem/types.ts";
import { IoError } from "../../../../../src/host/wasi/p2/io/io_error.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";
import { mountOf } from "./mount_of.ts";

Deno.test("getDirectories() gives the mounts and nothing else", () => {
  using mount = new MountFixture();
  assert.deepEqual(
    call(preopens.create(guestContext()), "getDirectories"),
    [],
  );
  const implementation = preopens.create(guestContext({
    mounts: [
      { hostPath: mount.path, guestPath: "/", writable: false },
      { hostPath: `${mount.path}/dir`, guestPath: "/data", writable: false },
    ],
  }));
  const directories = call(
    implementation,
    "getDirectories",
  ) as [DirectoryDescriptor, string][];
  assert.deepEqual(directories.map(([, path]) => path), ["/", "/data"]);
  const sizes = directories.map(([root], index) =>
    root.statAt({}, ["a.txt", "b.txt"][index] ?? "").size
  );
  assert.deepEqual(sizes, [5n, 0n]);
});

Deno.test("filesystemErrorCode() knows the errors of file streams only", () => {
  const implementation = filesystemTypes.create(guestContext());
  const codeOf = (error: IoError) => call(implementation, "filesystemErrorCode", error);
  assert.equal(codeOf(new FilesystemError("io")), "io");
  assert.equal(codeOf(new IoError("other")), undefined);
});

Deno.test("a file's stream fails with a filesystem error when the event is cancelled", () => {
  using mount = new MountFixture();
  const cancel = new AbortController();
  const root = mountOf(mount.path, { files: new InstanceFiles(cancel.signal) });
  const stream = root.openAt({}, "a.txt", {}, { read: true }).readViaStream(0n);
  cancel.abort();
  const error = thrown(() => stream.read(1n)) as { tag: string; val: IoError };
  assert.equal(error.tag, "last-operation-failed");
  assert(error.val instanceof FilesystemError);
  assert.equal(error.val.code, "bad-descriptor");
  assert.equal(
    error.val.toDebugString(),
    "Filesystem error: bad-descriptor",
  );
  assert.equal(
    thrown(() => root.openAt({}, "a.txt", {}, { read: true })),
    "bad-descriptor",
  );
});
