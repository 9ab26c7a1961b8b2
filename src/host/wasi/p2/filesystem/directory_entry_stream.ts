import type { DescriptorType } from "./descriptor_types.ts";
import type { ErrorCode } from "./error_code.ts";
import type { InstanceFiles } from "./instance_files.ts";
import type { Place } from "./location.ts";
import { isStill } from "./resolve_path.ts";
import { systemCall } from "./system_call.ts";

/** The record `wasi:filesystem/types.directory-entry`. */
export interface DirectoryEntry {
  /** What the entry is. */
  readonly type: DescriptorType;
  /** Its name in the directory. */
  readonly name: string;
}

/** The resource `wasi:filesystem/types.directory-entry-stream`. */
export class DirectoryEntryStream implements Disposable {
  readonly #files: InstanceFiles;
  /** In reverse; absent once the stream has been dropped. */
  #entries: Deno.DirEntry[] | undefined;
  #count = 0;

  private constructor(entries: Deno.DirEntry[], files: InstanceFiles) {
    this.#entries = entries;
    this.#files = files;
    this.#count = entries.length;
  }

  /**
   * Reads a directory as it is now.
   *
   * @param place The directory.
   * @param files What the instance has open; counts the stream and its entries.
   * @returns A stream of its entries, without itself and its parent.
   * @throws `ErrorCode`
   */
  static open(place: Place, files: InstanceFiles): DirectoryEntryStream {
    files.acquire();
    try {
      const entries = systemCall(() => [...Deno.readDirSync(place.hostPath)]).reverse();
      if (!isStill(place)) throw "access" satisfies ErrorCode;
      files.acquireEntries(entries.length);
      return new DirectoryEntryStream(entries, files);
    } catch (error) {
      files.release();
      throw error;
    }
  }

  /** Takes the next entry; `undefined` after the last. */
  readDirectoryEntry(): DirectoryEntry | undefined {
    const entry = this.#entries?.pop();
    return entry && { type: toDescriptorType(entry), name: entry.name };
  }

  /** Forgets the entries. */
  [Symbol.dispose](): void {
    if (this.#entries === undefined) return;
    this.#entries = undefined;
    this.#files.releaseEntries(this.#count);
    this.#files.release();
  }
}

function toDescriptorType(entry: Deno.DirEntry): DescriptorType {
  if (entry.isFile) return "regular-file";
  if (entry.isDirectory) return "directory";
  if (entry.isSymlink) return "symbolic-link";
  return "unknown";
}
