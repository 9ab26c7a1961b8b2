import type { HostInterface } from "../../../host_interface.ts";
import { DirectoryDescriptor } from "./directory_descriptor.ts";

/** `wasi:filesystem/preopens`: the mounts are all that a guest sees. */
export const preopens: HostInterface = {
  id: "wasi:filesystem/preopens",
  create: ({ mounts, signal }) => ({
    getDirectories: () =>
      mounts.map(({ hostPath, guestPath }) => [
        new DirectoryDescriptor({ hostPath, parent: undefined }, signal),
        guestPath,
      ]),
  }),
};
