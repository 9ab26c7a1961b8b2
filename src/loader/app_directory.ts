/**
 * An application's directory as a source of files: what is in it can be listed and globbed, and
 * no symlink leads out of it.
 *
 * @module
 */

import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { LoadError } from "../errors.ts";
import { logger } from "../log.ts";
import { STATE_DIRECTORY } from "../manifest/writable_problem.ts";
import { compileGlob } from "./glob.ts";

const DEEP = "**";

/** A regular file in the application's directory. */
export interface AppFile {
  /** The path relative to the application's directory, with `/`, along the links followed. */
  readonly appPath: string;
  /** The absolute path of the file itself, without symlinks. */
  readonly hostPath: string;
}

/** What {@linkcode AppDirectory.find} gives. */
export interface AppEntry extends AppFile {
  /** Whether it is a directory; else it is a regular file. */
  readonly isDirectory: boolean;
}

/** Options of {@linkcode AppDirectory.open}. */
export interface AppDirectoryOptions {
  /** The component whose files are looked for, for messages. */
  readonly componentId: string;
  /** Globs of what is left out, as the manifest has them. */
  readonly excludeFiles: readonly string[];
  /** Ends a walk early; it then throws the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

interface Directory extends AppFile {
  /** The real paths of this directory and those that the walk came through. */
  readonly trail: readonly string[];
}

/** An application's directory, seen through one component's exclusions. */
export class AppDirectory {
  readonly #baseDir: string;
  readonly #root: string;
  readonly #owner: string;
  readonly #excluded: readonly RegExp[];
  readonly #signal: AbortSignal | undefined;

  private constructor(
    baseDir: string,
    root: string,
    options: AppDirectoryOptions,
  ) {
    this.#baseDir = baseDir;
    this.#root = root;
    this.#owner = `component "${options.componentId}"`;
    this.#signal = options.signal;
    this.#excluded = options.excludeFiles.map((glob) => this.#compile(posix.normalize(glob), glob));
  }

  /**
   * Opens the directory.
   *
   * @param baseDir The application's directory, absolute.
   * @param options Whose files are looked for, and which are left out.
   * @returns The directory.
   * @throws LoadError `ERR_FILE_PATTERN` if an exclusion is no glob.
   */
  static async open(
    baseDir: string,
    options: AppDirectoryOptions,
  ): Promise<AppDirectory> {
    return new AppDirectory(baseDir, await Deno.realPath(baseDir), options);
  }

  /**
   * Looks for what a plain path names.
   *
   * @param path A path relative to the application's directory, or an absolute one into it.
   * @returns The entry, or `undefined` if there is none.
   * @throws LoadError `ERR_FILE_OUTSIDE`, `ERR_FILE_ESCAPES` or `ERR_FILE_KIND`.
   */
  async find(path: string): Promise<AppEntry | undefined> {
    const appPath = this.#toAppPath(path);
    const hostPath = await realPathIfExists(join(this.#baseDir, appPath));
    if (hostPath === undefined) return undefined;
    this.#assertInside(hostPath, appPath);
    const info = await Deno.stat(hostPath);
    if (!info.isDirectory && !info.isFile) throw this.#wrongKind(appPath);
    return { appPath, hostPath, isDirectory: info.isDirectory };
  }

  /**
   * Gives every file in a directory and below it.
   *
   * @param directory A directory that {@linkcode AppDirectory.find} gave.
   * @returns The files that are not excluded, sorted by name within each directory.
   * @throws LoadError `ERR_FILE_ESCAPES` or `ERR_FILE_KIND`.
   */
  filesBelow(directory: AppEntry): AsyncGenerator<AppFile> {
    const { appPath, hostPath } = directory;
    return this.#walk({ appPath, hostPath, trail: [hostPath] }, [DEEP], [0]);
  }

  /**
   * Expands a glob. `*` does not match `/`; a `**` at the end stands for every file below.
   *
   * @param glob A glob relative to the application's directory.
   * @returns The files that are not excluded, sorted by name within each directory.
   * @throws LoadError `ERR_FILE_PATTERN`, `ERR_FILE_OUTSIDE`, `ERR_FILE_ESCAPES` or
   * `ERR_FILE_KIND`.
   */
  matches(glob: string): AsyncGenerator<AppFile> {
    const segments = this.#toAppPath(glob).split("/").map((segment) =>
      segment === DEEP ? DEEP : this.#compile(segment, glob)
    );
    const hostPath = this.#root;
    return this.#walk({ appPath: "", hostPath, trail: [hostPath] }, segments, [
      0,
    ]);
  }

  /**
   * Tells whether a file is left out by name: its own, or that of what a symlink leads to.
   *
   * @param file The file.
   * @returns Whether an exclusion matches it or a directory above it.
   */
  isExcluded(file: AppFile): boolean {
    return [file.appPath, this.realPathOf(file)].some((path) =>
      ancestry(path).some((part) => this.#matchesExclusion(part))
    );
  }

  /**
   * Tells where something really is.
   *
   * @param file The file or directory.
   * @returns Its path relative to the application's directory, with `/`, along no symlink.
   */
  realPathOf(file: AppFile): string {
    return toSlashes(relative(this.#root, file.hostPath));
  }

  // Walks with the set of segments that may match next, so that no directory is read twice.
  async *#walk(
    directory: Directory,
    segments: readonly (RegExp | typeof DEEP)[],
    starts: Iterable<number>,
  ): AsyncGenerator<AppFile> {
    this.#signal?.throwIfAborted();
    const states = withoutDeep(segments, starts);
    const last = segments.length - 1;
    for (const entry of await sortedEntries(directory.hostPath)) {
      const appPath = posix.join(directory.appPath, entry.name);
      if (this.#matchesExclusion(appPath)) continue;
      const next = new Set<number>();
      let isMatch = false;
      for (const state of states) {
        const segment = segments[state];
        if (segment === DEEP) next.add(state);
        else if (segment?.test(entry.name) !== true) continue;
        else if (state < last) next.add(state + 1);
        if (state === last) isMatch = true;
      }
      if (!isMatch && next.size === 0) continue;
      const target = await this.#resolve(directory, entry, appPath);
      if (target === undefined) continue;
      const { hostPath, info } = target;
      if (info.isDirectory ? next.size === 0 : !isMatch) continue;
      this.#assertInside(hostPath, appPath);
      const file = { appPath, hostPath };
      if (this.isExcluded(file)) continue;
      if (info.isDirectory) {
        // A link to a directory that holds one on the way would never end.
        const isCircle = directory.trail.some((path) => !isOutside(relative(hostPath, path)));
        if (isCircle) continue;
        const trail = [...directory.trail, hostPath];
        yield* this.#walk({ ...file, trail }, segments, next);
      } else if (info.isFile) {
        yield file;
      } else {
        throw this.#wrongKind(appPath);
      }
    }
  }

  async #resolve(directory: Directory, entry: Deno.DirEntry, appPath: string) {
    const path = join(directory.hostPath, entry.name);
    if (!entry.isSymlink) return { hostPath: path, info: entry };
    const hostPath = await realPathIfExists(path);
    if (hostPath === undefined) {
      logger("loader").warn(
        "Symlink {appPath} among the files of {owner} leads nowhere and is left out",
        { appPath, owner: this.#owner },
      );
      return undefined;
    }
    return { hostPath, info: await Deno.stat(hostPath) };
  }

  #matchesExclusion(appPath: string): boolean {
    // What Gyre itself keeps there, such as the output of other components, is no component's.
    return appPath === STATE_DIRECTORY || this.#excluded.some((regexp) => regexp.test(appPath));
  }

  #toAppPath(path: string): string {
    const appPath = relative(this.#baseDir, resolve(this.#baseDir, path));
    if (isOutside(appPath)) {
      throw new LoadError(
        "ERR_FILE_OUTSIDE",
        `"${path}" in the files of ${this.#owner} is outside the application's directory`,
        { hint: "Move the file into the directory of the manifest" },
      );
    }
    return toSlashes(appPath);
  }

  #assertInside(hostPath: string, appPath: string): void {
    if (!isOutside(relative(this.#root, hostPath))) return;
    throw new LoadError(
      "ERR_FILE_ESCAPES",
      `"${appPath}" in the files of ${this.#owner} is a symlink out of the application's directory, to ${hostPath}`,
      { hint: "Replace the symlink, or name it in exclude_files" },
    );
  }

  #compile(glob: string, written: string): RegExp {
    const regexp = compileGlob(glob);
    if (regexp !== undefined) return regexp;
    throw new LoadError(
      "ERR_FILE_PATTERN",
      `"${written}" in the files of ${this.#owner} is no glob`,
      { hint: "Close every [, and let ** stand alone between slashes" },
    );
  }

  #wrongKind(appPath: string): LoadError {
    return new LoadError(
      "ERR_FILE_KIND",
      `"${appPath}" in the files of ${this.#owner} is a device, socket or pipe`,
      { hint: "Only regular files can be mounted; name it in exclude_files" },
    );
  }
}

function withoutDeep(
  segments: readonly unknown[],
  starts: Iterable<number>,
): ReadonlySet<number> {
  const states = new Set(starts);
  // A set's iterator also visits what is added meanwhile.
  for (const state of states) {
    if (segments[state] === DEEP && state + 1 < segments.length) {
      states.add(state + 1);
    }
  }
  return states;
}

async function sortedEntries(path: string): Promise<Deno.DirEntry[]> {
  const entries = await Array.fromAsync(Deno.readDir(path));
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function realPathIfExists(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.FilesystemLoop
    ) return undefined;
    throw error;
  }
}

function isOutside(relativePath: string): boolean {
  return relativePath === ".." || relativePath.startsWith(`..${sep}`) ||
    isAbsolute(relativePath);
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function ancestry(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
