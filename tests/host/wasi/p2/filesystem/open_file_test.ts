import assert from "node:assert/strict";
import { OpenFile } from "../../../../../src/host/wasi/p2/filesystem/open_file.ts";
import { resolvePath } from "../../../../../src/host/wasi/p2/filesystem/resolve_path.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture } from "./mount_fixture.ts";

Deno.test("open() refuses a file that was replaced after it was resolved", () => {
  using mount = new MountFixture();
  const { signal } = new AbortController();
  for (const replacement of ["../secret.txt", "dir/b.txt"]) {
    const directory = { hostPath: mount.path, parent: undefined };
    Deno.writeTextFileSync(`${mount.path}/new.txt`, "new");
    const place = resolvePath(directory, "new.txt", { followLast: false });
    Deno.removeSync(place.hostPath);
    Deno.symlinkSync(replacement, place.hostPath);
    assert.equal(thrown(() => OpenFile.open(place, signal)), "access");
    Deno.removeSync(place.hostPath);
  }
});
