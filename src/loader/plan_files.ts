/**
 * Decides which file of the host stands at which path of the guest, before anything is copied.
 *
 * @module
 */

import type { Component, FileGrant } from "../app/application.ts";
import { LoadError } from "../errors.ts";
import { logger } from "../log.ts";
import { isGlob } from "../manifest/check_files.ts";
import { writableProblem } from "../manifest/writable_problem.ts";
import type { Mount } from "../policy/policy.ts";
import { AppDirectory, type AppFile } from "./app_directory.ts";

/** Options of {@linkcode planFiles}. */
export interface PlanFilesOptions {
  /** The absolute directory that grants are relative to. */
  readonly baseDir: string;
  /** Ends the plan early; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a component's files come to. */
export interface FilePlan {
  /**
   * The files to copy: absolute host paths, without symlinks, by guest path without its leading
   * `/`. Absent if the component names nothing to copy.
   */
  readonly copies: ReadonlyMap<string, string> | undefined;
  /** The directories that the guest may change, to mount as they are. */
  readonly mounts: readonly Mount[];
}

/**
 * Works out what a component's `files` and `exclude_files` come to.
 *
 * @param component The component.
 * @param options The application's directory.
 * @returns What to copy and what to mount.
 * @throws LoadError `ERR_FILE_NOT_FOUND`, `ERR_FILE_OUTSIDE`, `ERR_FILE_ESCAPES`,
 * `ERR_FILE_KIND`, `ERR_FILE_PATTERN`, `ERR_FILE_DESTINATION`, `ERR_FILE_WRITABLE` or
 * `ERR_FILE_CONFLICT`.
 */
export async function planFiles(
  component: Component,
  options: PlanFilesOptions,
): Promise<FilePlan> {
  const directory = await AppDirectory.open(options.baseDir, {
    componentId: component.id,
    excludeFiles: component.excludeFiles,
    signal: options.signal,
  });
  const plan = new Map<string, string>();
  const mounts = new Map<string, Mount>();
  let copiesAny = false;
  for (const grant of component.files) {
    if (isWritable(grant)) {
      const mount = await planMount(grant, directory, component);
      assertFree(mount.guestPath, mounts, component);
      mounts.set(mount.guestPath, mount);
      continue;
    }
    copiesAny = true;
    const files = grant.kind === "pattern"
      ? expandPattern(grant.pattern, directory, component)
      : expandMount(grant, directory, component);
    // As in Spin, the later of two grants for one path wins.
    for await (const [guestPath, file] of files) {
      plan.set(guestPath, file.hostPath);
    }
  }
  const mounted = [...mounts.keys()].map((guestPath) => guestPath.slice(1));
  assertNothingCovered(component, mounted);
  for (const path of plan.keys()) {
    // As in any file system, what is mounted covers what is beneath.
    if (mounted.some((mount) => path.startsWith(`${mount}/`))) plan.delete(path);
  }
  assertNoFileIsDirectory(plan, mounted, component);
  return { copies: copiesAny ? plan : undefined, mounts: [...mounts.values()] };
}

type MountGrant = FileGrant & { readonly kind: "mount" };

function isWritable(grant: FileGrant): grant is MountGrant & { readonly writable: true } {
  return grant.kind === "mount" && grant.writable;
}

async function planMount(
  { source, destination }: MountGrant,
  directory: AppDirectory,
  component: Component,
): Promise<Mount> {
  const segments = guestSegments(destination, component);
  const entry = await directory.find(source);
  if (entry === undefined) throw notFound(source, component);
  const { excludeFiles } = component;
  // A symlink may be named otherwise than what it leads to.
  const problem = entry.isDirectory
    ? writableProblem({ source: entry.appPath, excludeFiles }) ??
      writableProblem({ source: directory.realPathOf(entry), excludeFiles })
    : "is a file, and only a directory can be mounted to be written";
  if (problem !== undefined) {
    throw new LoadError(
      "ERR_FILE_WRITABLE",
      `"${source}" in the files of component "${component.id}" ${problem}`,
      { hint: "Keep what the guest writes in a directory of its own" },
    );
  }
  return { hostPath: entry.hostPath, guestPath: `/${segments.join("/")}`, writable: true };
}

function assertFree(
  guestPath: string,
  mounts: ReadonlyMap<string, Mount>,
  component: Component,
): void {
  if (!mounts.has(guestPath)) return;
  throw conflict(component, `mount two directories at ${guestPath}`);
}

/** A pattern may name more than can be seen, but what has a destination of its own is meant. */
function assertNothingCovered(component: Component, mounted: readonly string[]): void {
  for (const grant of component.files) {
    if (isWritable(grant)) continue;
    const path = grant.kind === "mount"
      ? guestSegments(grant.destination, component).join("/")
      : "";
    const cover = mounted.find((mount) =>
      mount === "" || grant.kind === "mount" && (path === mount || path.startsWith(`${mount}/`))
    );
    if (cover === undefined) continue;
    throw conflict(component, `mount a writable directory at /${cover}, over others of them`);
  }
}

type Placement = readonly [guestPath: string, file: AppFile];

async function* expandPattern(
  pattern: string,
  directory: AppDirectory,
  component: Component,
): AsyncGenerator<Placement> {
  if (/(?:^|\/)\.\.?\/*$/.test(pattern)) {
    throw new LoadError(
      "ERR_FILE_PATTERN",
      `"${pattern}" in the files of component "${component.id}" ends in a dot directory`,
      {
        hint: "Name the directory, end the pattern in **/*, or give source and destination",
      },
    );
  }
  const entry = mayBeName(pattern) ? await directory.find(pattern) : undefined;
  if (entry === undefined && !isGlob(pattern)) {
    throw notFound(pattern, component);
  }
  if (entry !== undefined && directory.isExcluded(entry)) return;
  if (entry?.isDirectory === false) {
    yield [entry.appPath, entry];
    return;
  }
  const files = entry === undefined ? directory.matches(pattern) : directory.filesBelow(entry);
  let count = 0;
  for await (const file of files) {
    count += 1;
    yield [file.appPath, file];
  }
  if (count === 0) {
    logger("loader").warn(
      "{pattern} in the files of component {component} matches no file",
      { pattern, component: component.id },
    );
  }
}

function mayBeName(pattern: string): boolean {
  // Windows answers a look-up of such a name with an error of its own.
  return Deno.build.os !== "windows" || !/[*?]/.test(pattern);
}

async function* expandMount(
  grant: MountGrant,
  directory: AppDirectory,
  component: Component,
): AsyncGenerator<Placement> {
  const { source, destination } = grant;
  const segments = guestSegments(destination, component);
  const entry = await directory.find(source);
  if (entry === undefined) throw notFound(source, component);
  if (!entry.isDirectory) {
    if (destination.endsWith("/")) {
      throw badDestination(destination, component, {
        reason: `names a directory, but "${source}" is a file`,
        hint: "End the destination in the file's name",
      });
    }
    if (!directory.isExcluded(entry)) yield [segments.join("/"), entry];
    return;
  }
  if (directory.isExcluded(entry)) return;
  const prefixLength = entry.appPath === "" ? 0 : entry.appPath.length + 1;
  for await (const file of directory.filesBelow(entry)) {
    const path = file.appPath.slice(prefixLength);
    yield [[...segments, path].join("/"), file];
  }
}

function guestSegments(
  destination: string,
  component: Component,
): readonly string[] {
  if (!destination.startsWith("/")) {
    throw badDestination(destination, component, {
      reason: "is not absolute",
      hint: `Write "/${destination}"`,
    });
  }
  const segments = destination.split("/").filter((segment) => segment !== "");
  for (const segment of segments) {
    // A backslash separates directories where the copy may be written to.
    if (segment === "." || segment === ".." || /[\\\0]/.test(segment)) {
      throw badDestination(destination, component, {
        reason: `holds "${segment}", which is no name of a file or directory`,
        hint: "Write the whole path as the guest sees it",
      });
    }
  }
  return segments;
}

function badDestination(
  destination: string,
  component: Component,
  problem: { readonly reason: string; readonly hint: string },
): LoadError {
  return new LoadError(
    "ERR_FILE_DESTINATION",
    `Destination "${destination}" in the files of component "${component.id}" ${problem.reason}`,
    { hint: problem.hint },
  );
}

function notFound(path: string, component: Component): LoadError {
  return new LoadError(
    "ERR_FILE_NOT_FOUND",
    `"${path}" in the files of component "${component.id}" does not exist`,
    { hint: "Paths start at the directory of the manifest" },
  );
}

function assertNoFileIsDirectory(
  plan: ReadonlyMap<string, string>,
  mounted: readonly string[],
  component: Component,
): void {
  const both = mounted.find((path) => plan.has(path));
  if (both !== undefined) throw conflict(component, `make /${both} a file and a directory`);
  for (const guestPath of [...plan.keys(), ...mounted]) {
    let end = guestPath.lastIndexOf("/");
    while (end !== -1) {
      const parent = guestPath.slice(0, end);
      if (plan.has(parent)) {
        throw conflict(component, `make /${parent} a file and the directory of /${guestPath}`);
      }
      end = parent.lastIndexOf("/");
    }
  }
}

function conflict(component: Component, problem: string): LoadError {
  return new LoadError(
    "ERR_FILE_CONFLICT",
    `The files of component "${component.id}" ${problem}`,
    { hint: "Give one of the two another destination" },
  );
}
