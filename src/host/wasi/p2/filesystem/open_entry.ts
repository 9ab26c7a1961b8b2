/**
 * Opens what a guest's path names, under every combination of flags.
 *
 * @module
 */

import type { DescriptorFlags, OpenFlags } from "./descriptor_types.ts";
import type { ErrorCode } from "./error_code.ts";
import type { InstanceFiles } from "./instance_files.ts";
import type { Location, Place, Vacancy } from "./location.ts";
import type { MountRoot } from "./mount_root.ts";
import { OpenFile } from "./open_file.ts";
import { resolveOrVacant } from "./resolve_path.ts";

/** How something is opened. */
export interface OpenEntryOptions {
  /** Whether to follow a link at the end of the path. */
  readonly followLast: boolean;
  /** What the guest expects to find, or wants to be made. */
  readonly openFlags: OpenFlags;
  /** What the guest wants to do with it. */
  readonly flags: DescriptorFlags;
  /** What the instance has open. */
  readonly files: InstanceFiles;
}

/** What was opened. */
export type Opened =
  | { readonly kind: "directory"; readonly place: Place }
  | { readonly kind: "file"; readonly file: OpenFile; readonly mount: MountRoot };

/**
 * Opens what a path names, or makes it.
 *
 * @param directory Where the path starts, and what it cannot leave.
 * @param path The guest's path.
 * @param options How to open it.
 * @returns What was opened.
 * @throws `ErrorCode`
 */
export function openEntry(directory: Location, path: string, options: OpenEntryOptions): Opened {
  const { openFlags, files, flags } = options;
  const { create = false, exclusive = false, truncate = false } = openFlags;
  if (openFlags.directory && (create || exclusive || truncate)) {
    throw "invalid" satisfies ErrorCode;
  }
  const found = resolveOrVacant(directory, path, {
    // What must not be there yet is not looked for elsewhere.
    followLast: options.followLast && !(create && exclusive),
  });
  if (!("info" in found)) {
    if (!create) throw "no-entry" satisfies ErrorCode;
    return createEntry(found, options, () => openEntry(directory, path, options));
  }
  const { info, mount } = found;
  if (create && exclusive) throw "exist" satisfies ErrorCode;
  if (!mount.writable && wouldWrite(openFlags, flags)) throw "read-only" satisfies ErrorCode;
  if (info.isSymlink) throw "loop" satisfies ErrorCode;
  if (info.isDirectory) {
    if (flags.write || create || truncate) throw "is-directory" satisfies ErrorCode;
    return { kind: "directory", place: found };
  }
  if (openFlags.directory) throw "not-directory" satisfies ErrorCode;
  return { kind: "file", file: OpenFile.open(found, files, { flags, truncate }), mount };
}

function createEntry(
  vacancy: Vacancy,
  { openFlags, flags, files }: OpenEntryOptions,
  openAgain: () => Opened,
): Opened {
  const { mount } = vacancy.parent;
  if (!mount.writable) throw "read-only" satisfies ErrorCode;
  if (vacancy.isDirectoryPath) throw "is-directory" satisfies ErrorCode;
  try {
    return { kind: "file", file: OpenFile.create(vacancy, files, flags), mount };
  } catch (error) {
    // Somebody else made it since the path was resolved.
    if (error === "exist" && !openFlags.exclusive) return openAgain();
    throw error;
  }
}

function wouldWrite(openFlags: OpenFlags, flags: DescriptorFlags): boolean {
  return [
    openFlags.create,
    openFlags.truncate,
    flags.write,
    flags.mutateDirectory,
  ].includes(true);
}
