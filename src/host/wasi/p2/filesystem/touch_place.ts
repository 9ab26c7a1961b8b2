/**
 * Changes what the system notes about an object.
 *
 * @module
 */

import { lutimesSync } from "node:fs";
import type { NewTimestamps } from "./descriptor_types.ts";
import type { ErrorCode } from "./error_code.ts";
import { identityOf, type Place } from "./location.ts";
import { newTimes } from "./new_times.ts";
import { isStill } from "./resolve_path.ts";
import { systemCall } from "./system_call.ts";

/**
 * Sets the times of an object; of a symbolic link itself.
 *
 * @param place The object.
 * @param wanted Its new times.
 * @throws `ErrorCode`
 */
export function setPlaceTimes(place: Place, wanted: NewTimestamps): void {
  if (!place.mount.writable) throw "read-only" satisfies ErrorCode;
  const times = newTimes(wanted, place.info);
  if (times === undefined) return;
  const { atime, mtime } = times;
  if (place.info.isSymlink) {
    systemCall(() => lutimesSync(place.hostPath, toSeconds(atime), toSeconds(mtime)));
  } else {
    withOpen(place, (file) => file.utimeSync(atime, mtime));
  }
}

/**
 * Waits until a directory is on the disk, with the names in it.
 *
 * @param place The directory.
 * @throws `ErrorCode`
 */
export function syncDirectory(place: Place): void {
  // Where nothing can be changed there is nothing to wait for, and Windows cannot be asked.
  if (!place.mount.writable || Deno.build.os === "windows") return;
  withOpen(place, (file) => file.syncSync());
}

/** Half a millisecond more, which is cut off again: as a fraction, many a whole one falls short. */
function toSeconds(moment: Date): number {
  return (moment.getTime() + 0.5) / 1_000;
}

function withOpen(place: Place, use: (file: Deno.FsFile) => void): void {
  // See `OpenFile.open`.
  if (!place.info.isFile && !place.info.isDirectory) throw "access" satisfies ErrorCode;
  systemCall(() => {
    using file = Deno.openSync(place.hostPath);
    const isSame = identityOf(file.statSync()) === place.identity;
    if (!isSame || !isStill(place)) throw "access" satisfies ErrorCode;
    use(file);
  });
}
