/**
 * The first wall around a guest's files. Deno's own path permissions compare text and then follow
 * symbolic links wherever they lead, so a guest's path is walked here, one component at a time, and
 * the system is only ever handed a path on which no component is a symbolic link.
 *
 * @module
 */

import type { ErrorCode } from "./error_code.ts";
import { isPlainName } from "./is_plain_name.ts";
import { systemCall } from "./system_call.ts";

/** Linux's limits, applied everywhere so that a guest meets the same ones on every system. */
const MOST_LINKS = 40;
const LONGEST_PATH = 4096;

/** Where an object stands in a mount. */
export interface Location {
  /** Its path on the host, on which no component beneath the mount is a symbolic link. */
  readonly hostPath: string;
  /** The directory that it is in; absent for the mount itself. */
  readonly parent: Location | undefined;
}

/** An object of a mount as it was found a moment ago. */
export interface Place extends Location {
  /** The directory that it is in; absent for the mount itself. */
  readonly parent: Place | undefined;
  /** What `lstat` said about it. */
  readonly info: Deno.FileInfo;
}

/** Options of {@linkcode resolvePath}. */
export interface ResolveOptions {
  /** Whether to follow a symbolic link that the whole path names. Those on the way are followed. */
  readonly followLast: boolean;
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
  { followLast }: ResolveOptions,
): Place {
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
    const next = visit(`${place.hostPath}/${name}`, place);
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
 * Looks again at a directory that was resolved before. What was a directory then may be a symbolic
 * link by now, here or further up.
 *
 * @param location Where the directory was.
 * @returns The directory as it is now.
 * @throws `ErrorCode`: `not-directory` if something else stands there now.
 */
export function revisit(location: Location): Place {
  const parent = location.parent && revisit(location.parent);
  const place = visit(location.hostPath, parent);
  if (!place.info.isDirectory) throw "not-directory" satisfies ErrorCode;
  return place;
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

function visit(hostPath: string, parent: Place | undefined): Place {
  return {
    hostPath,
    parent,
    info: systemCall(() => Deno.lstatSync(hostPath)),
  };
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
