import { guestTrap } from "../../../guest_trap.ts";
import type { HostInterface } from "../../../host_interface.ts";
import { DirectoryDescriptor } from "./directory_descriptor.ts";
import { InstanceFiles } from "./instance_files.ts";
import { type MountRoot, mountRoots } from "./mount_root.ts";

/** `wasi:filesystem/preopens`: the mounts are all that a guest sees. */
export const preopens: HostInterface = {
  id: "wasi:filesystem/preopens",
  create: ({ mounts, signal }) => {
    const files = new InstanceFiles(signal);
    const roots = mountRoots(mounts);
    return {
      getDirectories: () => roots.map((root) => [open(root, files), root.guestPath]),
    };
  },
};

function open(mount: MountRoot, files: InstanceFiles): DirectoryDescriptor {
  try {
    return new DirectoryDescriptor({ hostPath: mount.hostPath, parent: undefined, mount }, files);
  } catch (error) {
    // The function has no error to answer with.
    if (error !== "quota") throw error;
    throw guestTrap(
      "wasi:filesystem/preopens#get-directories gave more descriptors than one may have",
    );
  }
}
