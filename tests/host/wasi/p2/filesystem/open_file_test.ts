import assert from "node:assert/strict";
import { DirectoryEntryStream } from "../../../../../src/host/wasi/p2/filesystem/directory_entry_stream.ts";
import { identityOf } from "../../../../../src/host/wasi/p2/filesystem/location.ts";
import { OpenFile } from "../../../../../src/host/wasi/p2/filesystem/open_file.ts";
import {
  resolveOrVacant,
  resolvePath,
} from "../../../../../src/host/wasi/p2/filesystem/resolve_path.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";
import { locationOf } from "./mount_of.ts";

const READ = { flags: { read: true }, truncate: false };
const EMPTY = { flags: { write: true }, truncate: true };
const NO_FOLLOW = { followLast: false };

/** Puts a link to the directory `mount-evil`, outside, where the directory `dir` was. */
function swap(mount: MountFixture): void {
  Deno.renameSync(`${mount.path}/dir`, `${mount.path}/moved`);
  Deno.symlinkSync("../mount-evil", `${mount.path}/dir`);
}

Deno.test("open() refuses a file that was replaced after it was resolved", () => {
  using mount = new MountFixture();
  for (const replacement of ["../secret.txt", "dir/b.txt"]) {
    Deno.writeTextFileSync(`${mount.path}/new.txt`, "new");
    const place = resolvePath(locationOf(mount.path), "new.txt", NO_FOLLOW);
    Deno.removeSync(place.hostPath);
    Deno.symlinkSync(replacement, place.hostPath);
    assert.equal(thrown(() => OpenFile.open(place, mount.files, READ)), "access");
    Deno.removeSync(place.hostPath);
  }
});

Deno.test("open() refuses a file, and does not empty it, when its directory was replaced", () => {
  for (const options of [READ, EMPTY]) {
    using mount = new MountFixture();
    Deno.writeTextFileSync(`${mount.path}/dir/secret.txt`, "mine");
    const place = resolvePath(locationOf(mount.path, true), "dir/secret.txt", NO_FOLLOW);
    swap(mount);
    assert.equal(thrown(() => OpenFile.open(place, mount.files, options)), "access");
    assert.equal(Deno.readTextFileSync(`${mount.around}/mount-evil/secret.txt`), "secret");
  }
});

Deno.test("open() refuses a file when its directory was replaced before it was looked at", () => {
  using mount = new MountFixture();
  Deno.writeTextFileSync(`${mount.path}/dir/secret.txt`, "mine");
  const place = resolvePath(locationOf(mount.path, true), "dir/secret.txt", NO_FOLLOW);
  swap(mount);
  const info = Deno.lstatSync(place.hostPath);
  const outside = { ...place, info, identity: identityOf(info) };
  assert.equal(thrown(() => OpenFile.open(outside, mount.files, EMPTY)), "access");
  assert.equal(Deno.readTextFileSync(`${mount.around}/mount-evil/secret.txt`), "secret");
});

Deno.test("create() gives no file that was made elsewhere, and leaves it there empty", () => {
  using mount = new MountFixture();
  const vacancy = resolveOrVacant(locationOf(mount.path, true), "dir/new.txt", NO_FOLLOW);
  assert(!("info" in vacancy));
  swap(mount);
  const flags = { write: true };
  assert.equal(thrown(() => OpenFile.create(vacancy, mount.files, flags)), "access");
  assert.equal(Deno.readTextFileSync(`${mount.around}/mount-evil/new.txt`), "");
});

Deno.test("create() does not follow a link that was put there meanwhile", () => {
  using mount = new MountFixture();
  const vacancy = resolveOrVacant(locationOf(mount.path, true), "dir/new.txt", NO_FOLLOW);
  assert(!("info" in vacancy));
  Deno.symlinkSync("../../new.txt", `${mount.path}/dir/new.txt`);
  assert.equal(thrown(() => OpenFile.create(vacancy, mount.files, {})), "exist");
  assert.throws(() => Deno.lstatSync(`${mount.around}/new.txt`), Deno.errors.NotFound);
});

Deno.test("a directory is not listed that was replaced after it was resolved", () => {
  using mount = new MountFixture();
  const place = resolvePath(locationOf(mount.path), "dir", NO_FOLLOW);
  swap(mount);
  assert.equal(thrown(() => DirectoryEntryStream.open(place, mount.files)), "access");
});
