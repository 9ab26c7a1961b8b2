/**
 * The option that shows a directory to a guest.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import { posix } from "node:path";
import { LoadError } from "../errors.ts";
import type { Mount } from "../policy/policy.ts";

const READ_ONLY = ":ro";
const SEPARATOR = "::";

/** A directory as the command line names it. */
export interface DirectoryOption {
  /** The directory on the host, as typed. */
  readonly host: string;
  /** The absolute path under which the guest sees it. */
  readonly guest: string;
  /** Whether the guest may change what is in it. */
  readonly writable: boolean;
}

/**
 * Reads a directory given on the command line.
 *
 * @param text `HOST::GUEST`, or `HOST::GUEST:ro`.
 * @param directories Those that were given before.
 * @returns All of them.
 * @throws {InvalidArgumentError} If it is none, or its place is taken.
 */
export function directoryOption(
  text: string,
  directories: readonly DirectoryOption[] = [],
): readonly DirectoryOption[] {
  const writable = !text.endsWith(READ_ONLY);
  const pair = writable ? text : text.slice(0, -READ_ONLY.length);
  const at = pair.lastIndexOf(SEPARATOR);
  const host = pair.slice(0, Math.max(at, 0));
  const guest = normalize(pair.slice(at + SEPARATOR.length));
  if (at < 1 || !guest.startsWith("/")) {
    throw new InvalidArgumentError(
      'Expected HOST::GUEST or HOST::GUEST:ro with an absolute GUEST, such as "src::/src:ro".',
    );
  }
  if (directories.some((other) => other.guest === guest)) {
    throw new InvalidArgumentError(`Two directories cannot both be ${guest}.`);
  }
  return [...directories, { host, guest, writable }];
}

/**
 * Finds the directories that the command line names.
 *
 * @param directories The directories.
 * @returns What the guest sees.
 * @throws {LoadError} `ERR_DIRECTORY` if one is not there, or no directory.
 */
export async function toMounts(
  directories: readonly DirectoryOption[],
): Promise<readonly Mount[]> {
  return await Promise.all(directories.map(async ({ host, guest, writable }) => {
    const problem = (what: string, cause?: unknown) =>
      new LoadError("ERR_DIRECTORY", `Directory "${host}" of --dir ${what}`, {
        hint: "Name a directory that is there, before the ::",
        cause,
      });
    const hostPath = await Deno.realPath(host).catch((cause) => {
      throw problem("cannot be opened", cause);
    });
    if (!(await Deno.stat(hostPath)).isDirectory) throw problem("is no directory");
    return { hostPath, guestPath: guest, writable };
  }));
}

function normalize(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
