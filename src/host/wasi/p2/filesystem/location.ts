import type { MountRoot } from "./mount_root.ts";

/** Where an object stands in a mount. */
export interface Location {
  /** Its path on the host, on which no component beneath the mount is a symbolic link. */
  readonly hostPath: string;
  /** The directory that the guest finds it in; absent for a mount that the guest started from. */
  readonly parent: Location | undefined;
  /** The mount that it is in, or is the top of. */
  readonly mount: MountRoot;
  /** What it was when it was found, as {@linkcode identityOf} says; absent if nobody looked yet. */
  readonly identity?: string | undefined;
}

/** An object of a mount as it was found a moment ago. */
export interface Place extends Location {
  /** The directory that the guest finds it in; absent for a mount that the guest started from. */
  readonly parent: Place | undefined;
  /** What `lstat` said about it. */
  readonly info: Deno.FileInfo;
}

/** Where an object would stand that is not there. */
export interface Vacancy {
  /** The directory that it would be in. */
  readonly parent: Place;
  /** Its path on the host. */
  readonly hostPath: string;
  /** Whether the path ended in a slash, so that only a directory could be meant. */
  readonly isDirectoryPath: boolean;
}

/**
 * Names an object among all that the system has at one moment.
 *
 * @param info What the system says about it.
 * @returns A text that no other object has; `undefined` where the system numbers no objects.
 */
export function identityOf(info: Deno.FileInfo): string | undefined {
  return info.ino === null ? undefined : `${info.dev}:${info.ino}`;
}
