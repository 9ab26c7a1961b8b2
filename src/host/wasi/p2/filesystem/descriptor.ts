import type { InputStream } from "../io/input_stream.ts";
import { type DescriptorStat, toDescriptorStat } from "./descriptor_stat.ts";
import type { DescriptorFlags, DescriptorType, OpenFlags, PathFlags } from "./descriptor_types.ts";
import type { DirectoryEntryStream } from "./directory_entry_stream.ts";
import type { ErrorCode } from "./error_code.ts";
import { type MetadataHash, metadataHash } from "./metadata_hash.ts";

/**
 * The resource `wasi:filesystem/types.descriptor`: what files and directories have in common. The
 * functions of the one answer with an error on the other, and those that change something answer
 * `read-only` on both.
 */
export abstract class Descriptor {
  /**
   * Asks for the current attributes of the object, as the system has them.
   *
   * @returns What the system says.
   * @throws `ErrorCode`
   */
  abstract info(): Deno.FileInfo;

  /** Tells what this is. */
  getType(): DescriptorType {
    return this.stat().type;
  }

  /** Asks for the attributes of the object. */
  stat(): DescriptorStat {
    return toDescriptorStat(this.info());
  }

  /** Hashes the identity and the state of the object. */
  metadataHash(): MetadataHash {
    return metadataHash(this.info());
  }

  /** Tells what may be done: read, and nothing else. */
  getFlags(): DescriptorFlags {
    return { read: true };
  }

  /**
   * Tells whether both are the same object.
   *
   * @param other The other one.
   * @returns `false` also if one of them is gone.
   */
  isSameObject(other: Descriptor): boolean {
    const mine = identity(this);
    return mine !== undefined && mine === identity(other);
  }

  /** Takes advice on how the data will be read, and leaves it at that. */
  advise(): void {}

  /** Nothing is ever written, so all is in step with the disk. */
  sync(): void {}

  /** Nothing is ever written, so all is in step with the disk. */
  syncData(): void {}

  /** Reads at a position; see `FileDescriptor`. */
  read(_length: bigint, _offset: bigint): [Uint8Array, boolean] {
    throw "is-directory" satisfies ErrorCode;
  }

  /** Makes a stream of the data; see `FileDescriptor`. */
  readViaStream(_offset: bigint): InputStream {
    throw "is-directory" satisfies ErrorCode;
  }

  /** Lists the entries; see `DirectoryDescriptor`. */
  readDirectory(): DirectoryEntryStream {
    throw "not-directory" satisfies ErrorCode;
  }

  /** Opens what a path names; see `DirectoryDescriptor`. */
  openAt(
    _pathFlags: PathFlags,
    _path: string,
    _openFlags: OpenFlags,
    _flags: DescriptorFlags,
  ): Descriptor {
    throw "not-directory" satisfies ErrorCode;
  }

  /** Asks for the attributes of what a path names; see `DirectoryDescriptor`. */
  statAt(_pathFlags: PathFlags, _path: string): DescriptorStat {
    throw "not-directory" satisfies ErrorCode;
  }

  /** Hashes what a path names; see `DirectoryDescriptor`. */
  metadataHashAt(_pathFlags: PathFlags, _path: string): MetadataHash {
    throw "not-directory" satisfies ErrorCode;
  }

  /** Reads a symbolic link; see `DirectoryDescriptor`. */
  readlinkAt(_path: string): string {
    throw "not-directory" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  writeViaStream(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  appendViaStream(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  write(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  setSize(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  setTimes(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  setTimesAt(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  createDirectoryAt(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  removeDirectoryAt(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  linkAt(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  symlinkAt(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  renameAt(): never {
    throw "read-only" satisfies ErrorCode;
  }

  /** Answers `read-only`. */
  unlinkFileAt(): never {
    throw "read-only" satisfies ErrorCode;
  }
}

/** Names an object among all of the system's, as long as it is there. */
function identity(descriptor: Descriptor): string | undefined {
  try {
    const { dev, ino } = descriptor.info();
    return ino === null ? undefined : `${dev}:${ino}`;
  } catch (error) {
    if (typeof error !== "string") throw error;
    return undefined;
  }
}
