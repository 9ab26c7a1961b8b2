import type { Location } from "./location.ts";

/** What happened to a directory that the guest renamed. */
export interface Move {
  /** The path on the host that it had. */
  readonly from: string;
  /** Where it is now. */
  readonly to: Location;
}

/**
 * Says where something is after a directory was renamed. A descriptor stands for a directory and
 * not for its path, but Deno only opens paths.
 *
 * @param location Where it was.
 * @param move Which directory went where.
 * @returns Where it is; the same unless it is that directory or beneath it.
 */
export function afterMove(location: Location, move: Move): Location {
  const { from, to } = move;
  // A mount does not go along: what contains one cannot be renamed.
  if (location.parent === undefined || location.mount !== to.mount) return location;
  if (location.hostPath === from) {
    return { ...location, hostPath: to.hostPath, parent: to.parent };
  }
  const parent = afterMove(location.parent, move);
  if (parent === location.parent) return location;
  const name = location.hostPath.slice(location.hostPath.lastIndexOf("/"));
  return { ...location, hostPath: parent.hostPath + name, parent };
}
