/**
 * Makes, removes and moves the entries of directories.
 *
 * @module
 */

import { LONGEST_PATH } from "./bounds.ts";
import type { ErrorCode } from "./error_code.ts";
import type { Place } from "./location.ts";
import type { Move } from "./move.ts";
import type { Entry } from "./resolve_path.ts";
import { systemCall } from "./system_call.ts";

/**
 * Makes a directory.
 *
 * @param entry Where.
 * @throws `ErrorCode`
 */
export function createDirectory(entry: Entry): void {
  assertVacant(entry);
  systemCall(() => Deno.mkdirSync(entry.hostPath));
}

/**
 * Removes an empty directory.
 *
 * @param entry The directory.
 * @throws `ErrorCode`
 */
export function removeDirectory(entry: Entry): void {
  const place = occupant(entry);
  if (!place.info.isDirectory) throw "not-directory" satisfies ErrorCode;
  if (entry.isDots) throw "invalid" satisfies ErrorCode;
  assertNoMount(place);
  systemCall(() => Deno.removeSync(place.hostPath));
}

/**
 * Removes the name of a file, or a symbolic link.
 *
 * @param entry The name.
 * @throws `ErrorCode`
 */
export function unlinkFile(entry: Entry): void {
  const place = occupant(entry);
  // Deno has one function for both, which would remove an empty directory.
  if (place.info.isDirectory) throw "is-directory" satisfies ErrorCode;
  systemCall(() => Deno.removeSync(place.hostPath));
}

/**
 * Gives a file one more name; a symbolic link itself, not what it leads to.
 *
 * @param from The file.
 * @param to The new name.
 * @throws `ErrorCode`
 */
export function linkEntry(from: Entry, to: Entry): void {
  const place = occupant(from);
  assertVacant(to);
  assertSameMount(from, to);
  if (to.isDirectoryPath) throw "no-entry" satisfies ErrorCode;
  if (place.info.isDirectory) throw "not-permitted" satisfies ErrorCode;
  systemCall(() => Deno.linkSync(place.hostPath, to.hostPath));
}

/**
 * Makes a symbolic link.
 *
 * @param target The path that it is to hold, which need not lead anywhere. One that leads out of
 * the mount is written as it is, and never followed.
 * @param entry Where.
 * @throws `ErrorCode`
 */
export function makeLink(target: string, entry: Entry): void {
  assertVacant(entry);
  if (target === "" || entry.isDirectoryPath) throw "no-entry" satisfies ErrorCode;
  if (target.length > LONGEST_PATH) throw "name-too-long" satisfies ErrorCode;
  if (target.includes("\0")) throw "invalid" satisfies ErrorCode;
  if (/^(?:[/\\]|[a-z]:)/i.test(target)) throw "not-permitted" satisfies ErrorCode;
  try {
    Deno.symlinkSync(target, entry.hostPath);
  } catch (error) {
    // Deno makes links only where everything may be read and written, so never in a locked worker.
    // The system says the same of a file system that has no links.
    if (error instanceof Deno.errors.NotCapable) throw "not-permitted" satisfies ErrorCode;
    systemCall(() => {
      throw error;
    });
  }
}

/**
 * Gives something another name, in the same mount.
 *
 * @param from What, a symbolic link itself.
 * @param to Its new name. What has it now is replaced, where the system allows that.
 * @returns What that means for descriptors, if it is a directory.
 * @throws `ErrorCode`
 */
export function renameEntry(from: Entry, to: Entry): Move | undefined {
  const place = occupant(from);
  assertWritable(to.place ?? to.parent);
  assertSameMount(from, to);
  if (from.isDots || to.isDots) throw "busy" satisfies ErrorCode;
  assertNoMount(place);
  if (to.place !== undefined) assertNoMount(to.place);
  const { isDirectory } = place.info;
  if (to.isDirectoryPath && !isDirectory) throw "not-directory" satisfies ErrorCode;
  systemCall(() => Deno.renameSync(place.hostPath, to.hostPath));
  if (!isDirectory) return undefined;
  const { parent, hostPath } = to;
  return { from: place.hostPath, to: { hostPath, parent, mount: parent.mount } };
}

/** Insists that something is there that may be changed. */
function occupant({ place, parent }: Entry): Place {
  if (place === undefined) {
    assertWritable(parent);
    throw "no-entry" satisfies ErrorCode;
  }
  // A mount is a matter of the directory that it is in; see `assertNoMount`.
  assertWritable(place);
  return place;
}

function assertVacant({ place, parent }: Entry): void {
  if (place !== undefined) throw "exist" satisfies ErrorCode;
  assertWritable(parent);
}

function assertWritable({ mount }: Place): void {
  if (!mount.writable) throw "read-only" satisfies ErrorCode;
}

function assertSameMount(from: Entry, to: Entry): void {
  if (from.parent.mount !== to.parent.mount) throw "cross-device" satisfies ErrorCode;
}

/** Refuses what stands where a mount is, or around one. */
function assertNoMount({ hostPath, mount }: Place): void {
  const isMount = hostPath === mount.hostPath;
  const hasMount = mount.nested.keys().some((path) => path.startsWith(`${hostPath}/`));
  if (isMount || hasMount) throw "busy" satisfies ErrorCode;
}
