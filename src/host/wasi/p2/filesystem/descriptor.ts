import type { InputStream } from "../io/input_stream.ts";
import type { OutputStream } from "../io/output_stream.ts";
import { type DescriptorStat, toDescriptorStat } from "./descriptor_stat.ts";
import type {
  DescriptorFlags,
  DescriptorType,
  NewTimestamp,
  OpenFlags,
  PathFlags,
} from "./descriptor_types.ts";
import type { DirectoryEntryStream } from "./directory_entry_stream.ts";
import type { ErrorCode } from "./error_code.ts";
import { identityOf } from "./location.ts";
import { type MetadataHash, metadataHash } from "./metadata_hash.ts";
import type { MountRoot } from "./mount_root.ts";

/**
 * The resource `wasi:filesystem/types.descriptor`: what files and directories have in common. The
 * functions of the one answer with an error on the other, and in a mount that is read-only those
 * that change something answer `read-only` on both.
 */
export abstract class Descriptor {
  /** The mount that the object is in. */
  readonly mount: MountRoot;

  /**
   * Creates a descriptor.
   *
   * @param mount The mount that the object is in.
   */
  constructor(mount: MountRoot) {
    this.mount = mount;
  }

  /**
   * Asks for the current attributes of the object, as the system has them.
   *
   * @returns What the system says.
   * @throws `ErrorCode`
   */
  abstract info(): Deno.FileInfo;

  /** Tells what may be done. */
  getFlags(): DescriptorFlags {
    return { read: true, mutateDirectory: this.mount.writable };
  }

  /** Waits until the object is on the disk. */
  sync(): void {
    throw "unsupported" satisfies ErrorCode;
  }

  /** Waits until the data of the object is on the disk. */
  syncData(): void {
    this.sync();
  }

  /** Sets the times of the object. */
  setTimes(_access: NewTimestamp, _modification: NewTimestamp): void {
    this.#refuseChange("unsupported");
  }

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

  /** Reads at a position; see `FileDescriptor`. */
  read(_length: bigint, _offset: bigint): [Uint8Array, boolean] {
    throw "is-directory" satisfies ErrorCode;
  }

  /** Makes a stream of the data; see `FileDescriptor`. */
  readViaStream(_offset: bigint): InputStream {
    throw "is-directory" satisfies ErrorCode;
  }

  /** Writes at a position; see `FileDescriptor`. */
  write(_bytes: Uint8Array, _offset: bigint): bigint {
    return this.#refuseChange("is-directory");
  }

  /** Makes a stream that writes; see `FileDescriptor`. */
  writeViaStream(_offset: bigint): OutputStream {
    return this.#refuseChange("is-directory");
  }

  /** Makes a stream that writes at the end; see `FileDescriptor`. */
  appendViaStream(): OutputStream {
    return this.#refuseChange("is-directory");
  }

  /** Changes the size; see `FileDescriptor`. */
  setSize(_size: bigint): void {
    this.#refuseChange("is-directory");
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

  /** Sets the times of what a path names; see `DirectoryDescriptor`. */
  setTimesAt(
    _pathFlags: PathFlags,
    _path: string,
    _access: NewTimestamp,
    _modification: NewTimestamp,
  ): void {
    this.#refuseChange("not-directory");
  }

  /** Makes a directory; see `DirectoryDescriptor`. */
  createDirectoryAt(_path: string): void {
    this.#refuseChange("not-directory");
  }

  /** Removes a directory; see `DirectoryDescriptor`. */
  removeDirectoryAt(_path: string): void {
    this.#refuseChange("not-directory");
  }

  /** Gives a file one more name; see `DirectoryDescriptor`. */
  linkAt(_oldPathFlags: PathFlags, _oldPath: string, _to: Descriptor, _newPath: string): void {
    this.#refuseChange("not-directory");
  }

  /** Makes a symbolic link; see `DirectoryDescriptor`. */
  symlinkAt(_target: string, _path: string): void {
    this.#refuseChange("not-directory");
  }

  /** Gives something another name; see `DirectoryDescriptor`. */
  renameAt(_oldPath: string, _to: Descriptor, _newPath: string): void {
    this.#refuseChange("not-directory");
  }

  /** Removes a file's name; see `DirectoryDescriptor`. */
  unlinkFileAt(_path: string): void {
    this.#refuseChange("not-directory");
  }

  /**
   * Insists that the mount is writable.
   *
   * @throws `ErrorCode`: `read-only` if not.
   */
  protected assertMutable(): void {
    if (!this.mount.writable) throw "read-only" satisfies ErrorCode;
  }

  #refuseChange(code: ErrorCode): never {
    this.assertMutable();
    throw code;
  }
}

/** Names the object of a descriptor among all of the system's, as long as it is there. */
function identity(descriptor: Descriptor): string | undefined {
  try {
    return identityOf(descriptor.info());
  } catch (error) {
    if (typeof error !== "string") throw error;
    return undefined;
  }
}
