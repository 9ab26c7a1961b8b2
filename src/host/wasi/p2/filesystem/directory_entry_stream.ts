import type { DescriptorType } from "./descriptor_types.ts";

/** The record `wasi:filesystem/types.directory-entry`. */
export interface DirectoryEntry {
  /** What the entry is. */
  readonly type: DescriptorType;
  /** Its name in the directory. */
  readonly name: string;
}

/** The resource `wasi:filesystem/types.directory-entry-stream`. */
export class DirectoryEntryStream {
  readonly #entries: Iterator<Deno.DirEntry>;

  /**
   * Creates a stream.
   *
   * @param entries The entries of one directory.
   */
  constructor(entries: Iterator<Deno.DirEntry>) {
    this.#entries = entries;
  }

  /** Takes the next entry; `undefined` after the last. */
  readDirectoryEntry(): DirectoryEntry | undefined {
    const next = this.#entries.next();
    if (next.done) return undefined;
    return { type: toDescriptorType(next.value), name: next.value.name };
  }
}

function toDescriptorType(entry: Deno.DirEntry): DescriptorType {
  if (entry.isFile) return "regular-file";
  if (entry.isDirectory) return "directory";
  if (entry.isSymlink) return "symbolic-link";
  return "unknown";
}
