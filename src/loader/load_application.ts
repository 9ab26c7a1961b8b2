/**
 * From what a user names on a command line to an application.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Application } from "../app/application.ts";
import type { TriggerSchema } from "../app/trigger_schema.ts";
import { LoadError, type ManifestIssue } from "../errors.ts";
import { logger } from "../log.ts";
import { nearest } from "../manifest/nearest.ts";
import { readManifest, type SourceProbe } from "../manifest/read_manifest.ts";
import { hasWasmMagic } from "./component_header.ts";
import { syntheticManifest } from "./synthetic_manifest.ts";

const MANIFEST_NAMES = ["app.toml", "spin.toml"] as const;
const APPLICATION_REGEXP = /\.(?:toml|wasm)$/i;

/** Options of {@linkcode loadApplication}. */
export interface LoadApplicationOptions {
  /** The trigger types that the manifest may use. */
  readonly triggerTypes: readonly TriggerSchema[];
  /**
   * Loads the trigger types that the manifest names itself.
   *
   * @param modules The specifiers of the modules, by the names of the types.
   * @param baseDir The absolute directory that relative specifiers start from.
   * @returns The types.
   */
  readonly loadTriggerTypes?: (
    modules: Readonly<Record<string, string>>,
    baseDir: string,
  ) => Promise<readonly TriggerSchema[]>;
}

/** What {@linkcode loadApplication} found. */
export interface LoadedApplication {
  /** The application. Its components are not loaded yet. */
  readonly application: Application;
  /** What is odd about the manifest, but no error. */
  readonly warnings: readonly ManifestIssue[];
  /** The absolute path of the manifest; absent if a `.wasm` file was given. */
  readonly manifestPath?: string;
}

/**
 * Loads an application from a manifest, from a directory that holds `app.toml` or `spin.toml`
 * (the first of the two that is there), or from a Wasm component, which then runs every second.
 *
 * @param path The file or directory, relative to the working directory, or a `file:` URL.
 * @param options What a manifest may say.
 * @returns The application, the manifest's warnings and its path.
 * @throws LoadError `ERR_APP_NOT_FOUND`, `ERR_NO_MANIFEST`, `ERR_APP_UNREADABLE` or
 * `ERR_NOT_A_MANIFEST`; ManifestError if the manifest is not valid.
 */
export async function loadApplication(
  path: string,
  options: LoadApplicationOptions,
): Promise<LoadedApplication> {
  const { origin, absolutePath } = await findFile(path);
  const baseDir = dirname(absolutePath);
  const { triggerTypes, loadTriggerTypes } = options;
  const reading = {
    triggerTypes,
    origin,
    baseDir,
    probe,
    ...(loadTriggerTypes !== undefined && {
      loadTriggerTypes: (modules: Readonly<Record<string, string>>) =>
        loadTriggerTypes(modules, baseDir),
    }),
  };
  const text = await readManifestText(absolutePath, origin);
  if (text === undefined) {
    return await readManifest(
      syntheticManifest(basename(absolutePath)),
      reading,
    );
  }
  return { ...await readManifest(text, reading), manifestPath: absolutePath };
}

/** A file, and how the user would name it. */
interface NamedFile {
  readonly origin: string;
  readonly absolutePath: string;
}

async function findFile(path: string): Promise<NamedFile> {
  const typedPath = toPath(path);
  const absolutePath = resolve(typedPath);
  const kind = await kindOf(absolutePath).catch(unreadable(path));
  if (kind === "file") return { origin: path, absolutePath };
  if (kind === undefined) throw await appNotFound(path, absolutePath);
  for (const name of MANIFEST_NAMES) {
    const manifestPath = join(absolutePath, name);
    if (await kindOf(manifestPath).catch(unreadable(path)) === "file") {
      return { origin: join(typedPath, name), absolutePath: manifestPath };
    }
  }
  throw new LoadError(
    "ERR_NO_MANIFEST",
    `${path} holds neither app.toml nor spin.toml`,
    { hint: offer(await namesIn(absolutePath)) },
  );
}

function toPath(path: string): string {
  if (!path.startsWith("file:")) return path;
  try {
    return fileURLToPath(path);
  } catch (error) {
    throw new LoadError(
      "ERR_APP_NOT_FOUND",
      `${path} is no URL of a file on this machine`,
      { cause: error },
    );
  }
}

async function appNotFound(
  path: string,
  absolutePath: string,
): Promise<LoadError> {
  const names = await namesIn(dirname(absolutePath));
  const similar = nearest(basename(absolutePath), names);
  return new LoadError(
    "ERR_APP_NOT_FOUND",
    `Nothing is found at ${path} (looked for ${absolutePath})`,
    { hint: similar === undefined ? offer(names) : `Did you mean ${similar}?` },
  );
}

function offer(names: readonly string[]): string {
  const usable = names.filter((name) => APPLICATION_REGEXP.test(name));
  return usable.length === 0
    ? "Name a manifest, the directory of one, or a .wasm file"
    : `Name a manifest or a .wasm file, such as ${usable.join(" or ")}`;
}

/** Gives the names in a directory that messages can offer; none if it cannot be read. */
async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(directory));
    return entries.map((entry) => entry.name).sort();
  } catch (error) {
    logger("loader").debug("{directory} cannot be listed: {error}", {
      directory,
      error,
    });
    return [];
  }
}

/** Reads a manifest; gives `undefined` if the file is meant as a Wasm binary. */
async function readManifestText(
  path: string,
  origin: string,
): Promise<string | undefined> {
  if (path.toLowerCase().endsWith(".wasm")) return undefined;
  const bytes = await Deno.readFile(path).catch(unreadable(origin));
  if (hasWasmMagic(bytes)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new LoadError(
      "ERR_NOT_A_MANIFEST",
      `${origin} is neither a TOML manifest nor WebAssembly: it is not UTF-8 text`,
      { cause: error, hint: "Name an app.toml or a .wasm file" },
    );
  }
}

function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    throw new LoadError("ERR_APP_UNREADABLE", `${path} cannot be read`, {
      cause: error,
      hint: "Check the file's permissions, and that Deno may read it",
    });
  };
}

// What cannot be looked at is called a file: loading it then says what the matter is.
const probe: SourceProbe = {
  kindOf: (path) => kindOf(path).catch(() => "file"),
};

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await Deno.stat(path)).isDirectory ? "directory" : "file";
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw error;
  }
}
