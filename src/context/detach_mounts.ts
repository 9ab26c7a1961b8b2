import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Mount } from "../policy/policy.ts";

/**
 * Gives copies in place of the directories that guests may change, so that nothing is felt outside.
 *
 * @param mounts The mounts of a component.
 * @param directory A directory, not there yet, into which the directories are copied.
 * @returns The mounts; those that cannot be changed are the same.
 */
export async function detachMounts(
  mounts: readonly Mount[],
  directory: string,
): Promise<readonly Mount[]> {
  return await Promise.all(mounts.map(async (mount, index) => {
    if (!mount.writable) return mount;
    const copy = join(directory, String(index));
    // Links stay as they are, and lead nowhere that the mount itself does not.
    await cp(mount.hostPath, copy, { recursive: true, verbatimSymlinks: true });
    return { ...mount, hostPath: await Deno.realPath(copy) };
  }));
}
