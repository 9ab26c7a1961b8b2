/**
 * The first wall around a guest's files. Deno's own path permissions compare text and then follow
 * symbolic links wherever they lead, so a guest's path is walked here, one component at a time, and
 * the system is only ever handed a path on which no component is a symbolic link.
 *
 * Deno has no `openat` and no `O_NOFOLLOW`, so between this walk and the system call that follows,
 * somebody else may put a symbolic link where a directory was. A guest cannot do so on its own: its
 * calls come one after the other, and in a locked worker Deno makes no symbolic links at all. It
 * takes another program; or another component with the same writable mount, which finds a link in
 * it that leads out and moves that to the right place at the right moment. Whatever is opened or
 * listed is looked at again afterwards ({@linkcode isStill}), so that to get at something outside,
 * the link must come and go several times within one call, each time between the right two steps
 * of it. Nothing can be looked at afterwards where an entry is made, removed, linked or renamed, or
 * only its attributes are asked for: there, to come in is enough. A file that is made in the wrong
 * place is left there, empty.
 *
 * @module
 */

import { LONGEST_PATH, MOST_LINKS } from "./bounds.ts";
import type { ErrorCode } from "./error_code.ts";
import { isPlainName } from "./is_plain_name.ts";
import { identityOf, type Location, type Place, type Vacancy } from "./location.ts";
import type { MountRoot } from "./mount_root.ts";
import { systemCall } from "./system_call.ts";

/** How often {@linkcode isStill} looks. */
const ROUNDS = 3;

/** Options of {@linkcode resolvePath}. */
export interface ResolveOptions {
  /** Whether to follow a symbolic link that the whole path names. Those on the way are followed. */
  readonly followLast: boolean;
}

/** A name in a directory, and what has it. */
export interface Entry extends Vacancy {
  /** What has the name: a symbolic link itself, not what it leads to. Absent if nothing does. */
  readonly place: Place | undefined;
  /** Whether the path ended in `.` or `..`, and so names a directory but no entry of one. */
  readonly isDots: boolean;
}

/**
 * Finds what a guest's path names.
 *
 * @param directory Where the path starts, and what it cannot leave.
 * @param path The guest's path.
 * @param options Whether to follow a link at the end.
 * @returns The object, which exists.
 * @throws `ErrorCode`: `not-permitted` for a path that is absolute or leaves the directory, itself
 * or by a link.
 */
export function resolvePath(
  directory: Location,
  path: string,
  options: ResolveOptions,
): Place {
  const found = resolveOrVacant(directory, path, options);
  if (!("info" in found)) throw "no-entry" satisfies ErrorCode;
  return found;
}

/**
 * Finds what a guest's path names, or where it would be.
 *
 * @param directory Where the path starts, and what it cannot leave.
 * @param path The guest's path.
 * @param options Whether to follow a link at the end.
 * @returns The object, or its place in a directory that exists.
 * @throws `ErrorCode`; see {@linkcode resolvePath}.
 */
export function resolveOrVacant(
  directory: Location,
  path: string,
  { followLast }: ResolveOptions,
): Place | Vacancy {
  const start = revisit(directory);
  const pending = reversedComponents(path);
  let place = start;
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (!place.info.isDirectory) throw "not-directory" satisfies ErrorCode;
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (place === start || place.parent === undefined) {
        throw "not-permitted" satisfies ErrorCode;
      }
      place = place.parent;
      continue;
    }
    const next = look(place, name);
    if (next === undefined) {
      if (pending.some((name) => name !== "")) throw "no-entry" satisfies ErrorCode;
      return {
        parent: place,
        hostPath: `${place.hostPath}/${name}`,
        isDirectoryPath: pending.length > 0,
      };
    }
    if (next.info.isSymlink && (followLast || pending.length > 0)) {
      links += 1;
      if (links > MOST_LINKS) throw "loop" satisfies ErrorCode;
      pending.push(...reversedComponents(readLink(next)));
    } else {
      place = next;
    }
  }
  return place;
}

/**
 * Finds the entry of a directory that a guest's path names, to make, remove or move it.
 *
 * @param directory Where the path starts, and what it cannot leave.
 * @param path The guest's path.
 * @returns The entry, in a directory that exists.
 * @throws `ErrorCode`; see {@linkcode resolvePath}.
 */
export function resolveEntry(directory: Location, path: string): Entry {
  // A slash at the end would have a link followed that is to be removed.
  const isDirectoryPath = /[^/]\/+$/.test(path);
  const trimmed = isDirectoryPath ? path.replace(/\/+$/, "") : path;
  const found = resolveOrVacant(directory, trimmed, { followLast: false });
  if (!("info" in found)) return { ...found, isDirectoryPath, place: undefined, isDots: false };
  if (isDirectoryPath && !found.info.isDirectory) throw "not-directory" satisfies ErrorCode;
  return {
    parent: found.parent ?? found,
    hostPath: found.hostPath,
    isDirectoryPath,
    place: found,
    isDots: /(?:^|\/)\.\.?$/.test(trimmed),
  };
}

/**
 * Looks again at a directory that was resolved before. What was a directory then may be a symbolic
 * link by now, here or further up.
 *
 * @param location Where the directory was.
 * @returns The directory as it is now.
 * @throws `ErrorCode`: `not-directory` if something else stands there now, `no-entry` if another
 * directory does.
 */
export function revisit(location: Location): Place {
  const parent = location.parent && revisit(location.parent);
  const place = visit(location, parent);
  if (!place.info.isDirectory) throw "not-directory" satisfies ErrorCode;
  if (location.identity !== undefined && location.identity !== place.identity) {
    throw "no-entry" satisfies ErrorCode;
  }
  return place;
}

/**
 * Tells whether an object is where it was found, and so is every directory on the way to it.
 *
 * @param place Where it was found.
 * @returns Whether nothing was moved or replaced.
 */
export function isStill(place: Place): boolean {
  // Each round looks at the object first and then at its directories, so that a link which comes
  // and goes must do so in step with all of them. Where no guest writes, one is enough.
  const rounds = place.mount.writable ? ROUNDS : 1;
  for (let round = 0; round < rounds; round += 1) {
    for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
      const { hostPath } = at;
      const info = systemCall(() => Deno.lstatSync(hostPath));
      if (identityOf(info) !== at.identity || info.isSymlink !== at.info.isSymlink) return false;
    }
  }
  return true;
}

/**
 * Reads a symbolic link.
 *
 * @param place The link.
 * @returns The path that it holds, as it is written there.
 * @throws `ErrorCode`: `invalid` if it is not a link.
 */
export function readLink(place: Place): string {
  return systemCall(() => Deno.readLinkSync(place.hostPath));
}

/** Looks for an entry of a directory. */
function look(parent: Place, name: string): Place | undefined {
  const hostPath = `${parent.hostPath}/${name}`;
  const nested = parent.mount.nested.get(hostPath);
  try {
    return nested === undefined
      ? visit({ hostPath, mount: parent.mount }, parent)
      : visit({ hostPath: nested.hostPath, mount: nested }, parent);
  } catch (error) {
    if (error === "no-entry") return undefined;
    throw error;
  }
}

function visit(
  { hostPath, mount }: { readonly hostPath: string; readonly mount: MountRoot },
  parent: Place | undefined,
): Place {
  const info = systemCall(() => Deno.lstatSync(hostPath));
  return { hostPath, parent, mount, info, identity: identityOf(info) };
}

function reversedComponents(path: string): string[] {
  if (path === "") throw "no-entry" satisfies ErrorCode;
  if (path.length > LONGEST_PATH) throw "name-too-long" satisfies ErrorCode;
  if (path.includes("\0")) throw "invalid" satisfies ErrorCode;
  if (path.startsWith("/")) throw "not-permitted" satisfies ErrorCode;
  const names = path.split("/");
  for (const name of names) {
    if (name === "" || name === "." || name === "..") continue;
    if (!isPlainName(name, Deno.build.os)) {
      throw "not-permitted" satisfies ErrorCode;
    }
  }
  return names.reverse();
}
