/**
 * Decides which file of the host stands at which path of the guest, before anything is copied.
 *
 * @module
 */

import type { Component, FileGrant } from "../app/application.ts";
import { LoadError } from "../errors.ts";
import { logger } from "../log.ts";
import { AppDirectory, type AppFile } from "./app_directory.ts";
import { isGlob } from "../manifest/check_files.ts";

/** Options of {@linkcode planFiles}. */
export interface PlanFilesOptions {
  /** The absolute directory that grants are relative to. */
  readonly baseDir: string;
  /** Ends the plan early; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Works out what a component's `files` and `exclude_files` come to.
 *
 * @param component The component.
 * @param options The application's directory.
 * @returns Absolute host paths, without symlinks, by guest path without its leading `/`.
 * @throws LoadError `ERR_FILE_NOT_FOUND`, `ERR_FILE_OUTSIDE`, `ERR_FILE_ESCAPES`,
 * `ERR_FILE_KIND`, `ERR_FILE_PATTERN`, `ERR_FILE_DESTINATION` or `ERR_FILE_CONFLICT`.
 */
export async function planFiles(
  component: Component,
  options: PlanFilesOptions,
): Promise<ReadonlyMap<string, string>> {
  const directory = await AppDirectory.open(options.baseDir, {
    componentId: component.id,
    excludeFiles: component.excludeFiles,
    signal: options.signal,
  });
  const plan = new Map<string, string>();
  for (const grant of component.files) {
    const files = grant.kind === "pattern"
      ? expandPattern(grant.pattern, directory, component)
      : expandMount(grant, directory, component);
    // As in Spin, the later of two grants for one path wins.
    for await (const [guestPath, file] of files) {
      plan.set(guestPath, file.hostPath);
    }
  }
  assertNoFileIsDirectory(plan, component);
  return plan;
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
  grant: FileGrant & { readonly kind: "mount" },
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
  component: Component,
): void {
  for (const guestPath of plan.keys()) {
    let end = guestPath.lastIndexOf("/");
    while (end !== -1) {
      const parent = guestPath.slice(0, end);
      if (plan.has(parent)) {
        throw new LoadError(
          "ERR_FILE_CONFLICT",
          `The files of component "${component.id}" make /${parent} a file and the directory of /${guestPath}`,
          { hint: "Give one of the two another destination" },
        );
      }
      end = parent.lastIndexOf("/");
    }
  }
}
