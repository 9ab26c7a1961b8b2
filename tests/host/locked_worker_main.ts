/// <reference lib="deno.worker" />
// The host in a worker that may read one directory: reports what a guest would get.

import type { Mount } from "../../src/policy/policy.ts";
import { createHost } from "../../src/host/create_host.ts";
import type { DirectoryDescriptor } from "../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { call } from "./call.ts";
import { guestContext } from "./guest_context.ts";

self.onmessage = ({ data }: MessageEvent<{ mounts: Mount[] }>) => {
  using host = createHost(guestContext({ mounts: data.mounts }));
  const imports = host.imports([
    "wasi:filesystem/preopens",
    "wasi:cli/environment",
    "wasi:random/random",
  ]);
  const directories = call(
    imports["wasi:filesystem/preopens"],
    "getDirectories",
  ) as [DirectoryDescriptor, string][];
  self.postMessage({
    environment: call(imports["wasi:cli/environment"], "getEnvironment"),
    random: call(imports["wasi:random/random"], "getRandomBytes", 4n),
    files: directories.map(([root]) => read(root)),
  });
};

function read(root: DirectoryDescriptor): string {
  try {
    const file = root.openAt({}, "a.txt", {}, { read: true });
    return new TextDecoder().decode(file.read(100n, 0n)[0]);
  } catch (error) {
    return `error: ${error}`;
  }
}
