import { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { InstanceFiles } from "../../../../../src/host/wasi/p2/filesystem/instance_files.ts";
import type { Location } from "../../../../../src/host/wasi/p2/filesystem/location.ts";

/** Options of {@linkcode mountOf}. */
export interface MountOfOptions {
  /** Default: no. */
  readonly writable?: boolean;
  /** Default: those of an instance that has nothing open and never ends. */
  readonly files?: InstanceFiles;
}

/** Where a directory stands that a test mounts at `/`. */
export function locationOf(hostPath: string, writable = false): Location {
  const mount = { hostPath, guestPath: "/", writable, nested: new Map() };
  return { hostPath, parent: undefined, mount };
}

/** Mounts a directory, as a guest gets it. */
export function mountOf(hostPath: string, options: MountOfOptions = {}): DirectoryDescriptor {
  const { writable = false, files = new InstanceFiles(new AbortController().signal) } = options;
  return new DirectoryDescriptor(locationOf(hostPath, writable), files);
}
