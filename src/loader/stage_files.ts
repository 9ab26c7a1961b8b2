/**
 * Gives a component its files: a private copy of what its manifest entry grants, taken once, so
 * that what the guest sees does not change under it and nothing else is within its reach.
 *
 * What is granted is decided as in Spin, with these differences, all on the side of less:
 * `exclude_files` also applies to files that are named one by one, to whole directories, and to
 * what a symlink leads to; a symlink is followed only within the application's directory. A
 * directory that is named keeps its relative path, like everything else. Empty directories are
 * not copied. A directory that is granted with `writable` is not copied but mounted itself.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { Component } from "../app/application.ts";
import { LoadError } from "../errors.ts";
import type { Mount } from "../policy/policy.ts";
import { type FilePlan, planFiles } from "./plan_files.ts";

const MAX_CONCURRENT_COPIES = 16;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** What {@linkcode stageFiles} is asked for. */
export interface StageFilesRequest {
  /** The component whose files are staged. */
  readonly component: Component;
  /** The absolute directory that grants are relative to. */
  readonly baseDir: string;
  /**
   * The directory to copy into: the component's alone, absent or empty. The caller removes it,
   * also when staging failed.
   */
  readonly into: string;
  /** Whether the guest may write to the copies. Default: no. */
  readonly transientWrite?: boolean;
  /** Ends the copying early; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What was staged. */
export interface StagedFiles {
  /** How many files were copied. */
  readonly fileCount: number;
  /** Their size together, in bytes. */
  readonly bytes: number;
  /** The copies at `/`, if any are granted, and the directories that are mounted themselves. */
  readonly mounts: readonly Mount[];
}

/**
 * Copies a component's files into a directory of its own. Only the user can read the copies.
 *
 * @param request Which component, from where and to where.
 * @returns What was copied, and the mounts that show it to the guest.
 * @throws LoadError `ERR_FILE_UNREADABLE`, `ERR_FILE_COPY`, or what {@linkcode planFiles} throws.
 */
export async function stageFiles(
  request: StageFilesRequest,
): Promise<StagedFiles> {
  const { component, baseDir, into, transientWrite = false, signal } = request;
  signal?.throwIfAborted();
  if (component.files.length === 0) {
    return { fileCount: 0, bytes: 0, mounts: [] };
  }
  const of = `files of component "${component.id}"`;
  const plan = await planFiles(component, { baseDir, signal }).catch(
    wrapError("ERR_FILE_UNREADABLE", `The ${of} cannot be read`, signal),
  );
  const { copies, mounts } = plan;
  if (copies === undefined) return { fileCount: 0, bytes: 0, mounts };
  const { bytes, hostPath } = await copyAll(plan, copies, { into, signal }).catch(
    wrapError("ERR_FILE_COPY", `The ${of} cannot be copied to ${into}`, signal),
  );
  const root = { hostPath, guestPath: "/", writable: transientWrite };
  return { fileCount: copies.size, bytes, mounts: [root, ...mounts] };
}

async function copyAll(
  { mounts }: FilePlan,
  copies: ReadonlyMap<string, string>,
  { into, signal }: { readonly into: string; readonly signal: AbortSignal | undefined },
): Promise<{ readonly bytes: number; readonly hostPath: string }> {
  const targets = Array.from(copies, ([guestPath, source]) => ({
    source,
    target: join(into, guestPath),
  }));
  const directories = new Set([
    ...targets.map(({ target }) => dirname(target)),
    // So that a guest that lists the copies finds the mounts among them.
    ...mounts.map(({ guestPath }) => join(into, guestPath)),
  ]);
  for (const directory of [into, ...directories]) {
    signal?.throwIfAborted();
    await Deno.mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  }
  await makePrivate(into, PRIVATE_DIRECTORY);

  let bytes = 0;
  let failed = false;
  const pending = targets.values();
  const copyPending = async () => {
    for (const { source, target } of pending) {
      if (failed) return;
      try {
        signal?.throwIfAborted();
        const size = await copyFile(source, target);
        bytes += size;
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: MAX_CONCURRENT_COPIES }, copyPending);
  // Not before all have stopped: the caller may remove the directory at once.
  const results = await Promise.allSettled(workers);
  const rejected = results.find((result) => result.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
  return { bytes, hostPath: await Deno.realPath(into) };
}

async function copyFile(source: string, target: string): Promise<number> {
  await Deno.copyFile(source, target);
  await makePrivate(target, PRIVATE_FILE);
  return (await Deno.stat(target)).size;
}

async function makePrivate(path: string, mode: number): Promise<void> {
  // Windows has no modes; there a user's temporary directory is private already.
  if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
}

function wrapError(
  code: string,
  message: string,
  signal: AbortSignal | undefined,
): (error: unknown) => never {
  return (error) => {
    signal?.throwIfAborted();
    if (error instanceof LoadError) throw error;
    throw new LoadError(code, message, {
      cause: error,
      hint: "Check the permissions of the file and the space on the disk",
    });
  };
}
