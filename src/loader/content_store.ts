/**
 * A store on disk of bytes under the name of their digest. An entry is checked whenever it is
 * read, so a corrupt one is only a miss, and several processes may share one directory.
 *
 * @module
 */

import { join } from "node:path";
import { logger } from "../log.ts";
import { sha256Digest } from "./digest.ts";

/** Bytes by digest. Neither method rejects because of the disk. */
export interface ContentStore {
  /**
   * Gives an entry.
   *
   * @param digest `sha256:` and 64 lower-case hexadecimal digits.
   * @returns The bytes, or `undefined` if there is no entry, or none that fits its digest.
   */
  get(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Adds or replaces an entry; a disk that cannot be written to is logged and otherwise ignored.
   *
   * @param digest The digest of the bytes, which the caller has checked.
   * @param bytes The entry.
   */
  put(digest: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/**
 * Opens a store. Nothing is created before the first {@linkcode ContentStore.put}.
 *
 * @param directory The directory of the entries.
 * @returns The store.
 */
export function createContentStore(directory: string): ContentStore {
  return {
    get: (digest) => readEntry(entryPath(directory, digest), digest),
    put: async (digest, bytes) => {
      try {
        await writeEntry(directory, digest, bytes);
      } catch (error) {
        logger("loader").warn(
          "Cache directory {directory} cannot be written, so {digest} is not kept: {error}",
          { directory, digest, error },
        );
      }
    },
  };
}

function entryPath(directory: string, digest: string): string {
  return join(directory, `${digest.replace(":", "-")}.wasm`);
}

async function readEntry(
  path: string,
  digest: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      logger("loader").warn("Cache entry {path} cannot be read: {error}", {
        path,
        error,
      });
    }
    return undefined;
  }
  if (await sha256Digest(bytes) === digest) return bytes;
  logger("loader").warn("Cache entry {path} is corrupt and is replaced", {
    path,
  });
  return undefined;
}

async function writeEntry(
  directory: string,
  digest: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  // In the same directory, since a rename is atomic only within one file system.
  const temporaryPath = await Deno.makeTempFile({
    dir: directory,
    prefix: ".new-",
  });
  try {
    await Deno.writeFile(temporaryPath, bytes);
    await Deno.rename(temporaryPath, entryPath(directory, digest));
  } catch (error) {
    await Deno.remove(temporaryPath);
    throw error;
  }
}
