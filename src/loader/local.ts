/**
 * Component sources that are files on this machine.
 *
 * @module
 */

import { resolve } from "node:path";
import { LoadError } from "../errors.ts";
import { assertComponent } from "./component_header.ts";
import { sha256Digest } from "./digest.ts";
import type { LoadedSource } from "./loaded_source.ts";

/** Options of {@linkcode loadLocal}. */
export interface LoadLocalOptions {
  /** The component's id, for messages. */
  readonly componentId: string;
  /** The absolute directory that the path is relative to. */
  readonly baseDir: string;
  /** Ends the read early; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a component from a file.
 *
 * @param path The file as the manifest names it.
 * @param options Whose source it is and where the path starts.
 * @returns The bytes and their digest.
 * @throws LoadError `ERR_SOURCE_NOT_FOUND`, `ERR_SOURCE_NOT_A_FILE`, `ERR_SOURCE_UNREADABLE`, or
 * what {@linkcode assertComponent} throws.
 */
export async function loadLocal(
  path: string,
  options: LoadLocalOptions,
): Promise<LoadedSource> {
  const { componentId, baseDir, signal } = options;
  const name = `Source "${path}" of component "${componentId}"`;
  const absolutePath = resolve(baseDir, path);
  const bytes = await readRegularFile(absolutePath, signal).catch(
    (error: unknown) => {
      signal?.throwIfAborted();
      throw toLoadError(error, name, absolutePath);
    },
  );
  assertComponent(bytes, name);
  return { bytes, digest: await sha256Digest(bytes) };
}

async function readRegularFile(
  path: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const info = await Deno.stat(path);
  if (info.isDirectory) throw new Deno.errors.IsADirectory(path);
  // Opening a fifo waits for a writer, and no signal ends that wait.
  if (!info.isFile) throw new TypeError(`${path} is not a regular file`);
  return await Deno.readFile(path, signal === undefined ? {} : { signal });
}

function toLoadError(error: unknown, name: string, path: string): LoadError {
  if (
    error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory
  ) {
    return new LoadError(
      "ERR_SOURCE_NOT_FOUND",
      `${name} does not exist: ${path}`,
      { cause: error, hint: "Build the component, or correct `source`" },
    );
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return new LoadError(
      "ERR_SOURCE_NOT_A_FILE",
      `${name} is a directory: ${path}`,
      { cause: error, hint: "`source` must name the .wasm file itself" },
    );
  }
  if (error instanceof TypeError) {
    return new LoadError(
      "ERR_SOURCE_NOT_A_FILE",
      `${name} is a device, socket or pipe: ${path}`,
      { cause: error, hint: "`source` must name a regular file" },
    );
  }
  return new LoadError(
    "ERR_SOURCE_UNREADABLE",
    `${name} cannot be read: ${path}`,
    {
      cause: error,
      hint: "Check the file's permissions, and that Deno may read it",
    },
  );
}
