import {
  createDirectory,
  linkEntry,
  makeLink,
  removeDirectory,
  renameEntry,
  unlinkFile,
} from "./change_entry.ts";
import { Descriptor } from "./descriptor.ts";
import { type DescriptorStat, toDescriptorStat } from "./descriptor_stat.ts";
import type { DescriptorFlags, NewTimestamp, OpenFlags, PathFlags } from "./descriptor_types.ts";
import { DirectoryEntryStream } from "./directory_entry_stream.ts";
import type { ErrorCode } from "./error_code.ts";
import { FileDescriptor } from "./file_descriptor.ts";
import type { InstanceFiles } from "./instance_files.ts";
import type { Location, Place } from "./location.ts";
import { type MetadataHash, metadataHash } from "./metadata_hash.ts";
import { afterMove, type Move } from "./move.ts";
import { openEntry } from "./open_entry.ts";
import { readLink, resolveEntry, resolvePath, revisit } from "./resolve_path.ts";
import { setPlaceTimes, syncDirectory } from "./touch_place.ts";

/** The descriptor of a directory. It holds nothing of the system open. */
export class DirectoryDescriptor extends Descriptor implements Disposable {
  #location: Location;
  readonly #files: InstanceFiles;
  readonly #untrack: () => void;
  #disposed = false;

  /**
   * Creates a descriptor.
   *
   * @param location Where the directory is.
   * @param files What the instance has open; counts the descriptor.
   * @throws `ErrorCode`: `quota` if the instance has too much open.
   */
  constructor(location: Location, files: InstanceFiles) {
    super(location.mount);
    files.acquire();
    this.#location = location;
    this.#files = files;
    this.#untrack = files.track(this);
  }

  /** Asks for the current attributes of the directory, as the system has them. */
  override info(): Deno.FileInfo {
    return revisit(this.#location).info;
  }

  /**
   * Lists the entries of the directory, without itself and its parent.
   *
   * @returns A stream of them.
   * @throws `ErrorCode`
   */
  override readDirectory(): DirectoryEntryStream {
    return DirectoryEntryStream.open(revisit(this.#location), this.#files);
  }

  /**
   * Opens what a path names.
   *
   * @param pathFlags Whether to follow a link at the end of the path.
   * @param path The path, beneath this directory.
   * @param openFlags What the caller expects to find, or wants to be made.
   * @param flags What the caller wants to do with it.
   * @returns The descriptor of a file or of a directory.
   * @throws `ErrorCode`: `read-only` for anything that would write into a mount that is not
   * writable.
   */
  override openAt(
    pathFlags: PathFlags,
    path: string,
    openFlags: OpenFlags,
    flags: DescriptorFlags,
  ): Descriptor {
    const opened = openEntry(this.#location, path, {
      followLast: pathFlags.symlinkFollow === true,
      openFlags,
      flags,
      files: this.#files,
    });
    return opened.kind === "directory"
      ? new DirectoryDescriptor(opened.place, this.#files)
      : new FileDescriptor(opened.file, opened.mount);
  }

  /**
   * Asks for the attributes of what a path names.
   *
   * @param pathFlags Whether to follow a link at the end of the path.
   * @param path The path, beneath this directory.
   * @returns The attributes.
   * @throws `ErrorCode`
   */
  override statAt(pathFlags: PathFlags, path: string): DescriptorStat {
    return toDescriptorStat(this.#resolve(path, pathFlags).info);
  }

  /**
   * Hashes the identity and the state of what a path names.
   *
   * @param pathFlags Whether to follow a link at the end of the path.
   * @param path The path, beneath this directory.
   * @returns The hash.
   * @throws `ErrorCode`
   */
  override metadataHashAt(pathFlags: PathFlags, path: string): MetadataHash {
    return metadataHash(this.#resolve(path, pathFlags).info);
  }

  /**
   * Reads a symbolic link.
   *
   * @param path The path of the link, beneath this directory.
   * @returns The path that the link holds.
   * @throws `ErrorCode`: `not-permitted` if that path is absolute, since it would tell the guest
   * about the host.
   */
  override readlinkAt(path: string): string {
    const target = readLink(this.#resolve(path, {}));
    if (/^(?:[/\\]|[a-z]:)/i.test(target)) {
      throw "not-permitted" satisfies ErrorCode;
    }
    return target;
  }

  /** Sets the times of the directory. */
  override setTimes(access: NewTimestamp, modification: NewTimestamp): void {
    setPlaceTimes(revisit(this.#location), { access, modification });
  }

  /**
   * Sets the times of what a path names.
   *
   * @param pathFlags Whether to follow a link at the end of the path.
   * @param path The path, beneath this directory.
   * @param access When its data was last read.
   * @param modification When its data was last changed.
   * @throws `ErrorCode`
   */
  override setTimesAt(
    pathFlags: PathFlags,
    path: string,
    access: NewTimestamp,
    modification: NewTimestamp,
  ): void {
    setPlaceTimes(this.#resolve(path, pathFlags), { access, modification });
  }

  /**
   * Makes a directory.
   *
   * @param path Its path, beneath this directory.
   * @throws `ErrorCode`
   */
  override createDirectoryAt(path: string): void {
    createDirectory(resolveEntry(this.#location, path));
  }

  /**
   * Removes an empty directory.
   *
   * @param path Its path, beneath this directory.
   * @throws `ErrorCode`
   */
  override removeDirectoryAt(path: string): void {
    removeDirectory(resolveEntry(this.#location, path));
  }

  /**
   * Gives a file one more name.
   *
   * @param oldPathFlags Must not ask to follow a link.
   * @param oldPath The file's path, beneath this directory.
   * @param to The directory that the new path starts from, in the same mount.
   * @param newPath The new path.
   * @throws `ErrorCode`
   */
  override linkAt(
    oldPathFlags: PathFlags,
    oldPath: string,
    to: Descriptor,
    newPath: string,
  ): void {
    const target = directoryOf(to);
    if (oldPathFlags.symlinkFollow) throw "invalid" satisfies ErrorCode;
    linkEntry(resolveEntry(this.#location, oldPath), resolveEntry(target.#location, newPath));
  }

  /**
   * Makes a symbolic link.
   *
   * @param target The path that it is to hold, which need not lead anywhere.
   * @param path The path of the link, beneath this directory.
   * @throws `ErrorCode`: `not-permitted` for an absolute target, and always in a locked worker.
   */
  override symlinkAt(target: string, path: string): void {
    makeLink(target, resolveEntry(this.#location, path));
  }

  /**
   * Gives something another name.
   *
   * @param oldPath Its path, beneath this directory.
   * @param to The directory that the new path starts from, in the same mount.
   * @param newPath The new path.
   * @throws `ErrorCode`
   */
  override renameAt(oldPath: string, to: Descriptor, newPath: string): void {
    const target = directoryOf(to);
    const from = resolveEntry(this.#location, oldPath);
    const move = renameEntry(from, resolveEntry(target.#location, newPath));
    if (move !== undefined) this.#files.moved(move);
  }

  /**
   * Removes the name of a file, or a symbolic link.
   *
   * @param path Its path, beneath this directory.
   * @throws `ErrorCode`
   */
  override unlinkFileAt(path: string): void {
    unlinkFile(resolveEntry(this.#location, path));
  }

  /** Waits until the directory is on the disk, with the names in it. */
  override sync(): void {
    syncDirectory(revisit(this.#location));
  }

  /** Told that a directory has another path now, maybe this one. */
  follow(move: Move): void {
    this.#location = afterMove(this.#location, move);
  }

  /** Forgets the directory. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#untrack();
    this.#files.release();
  }

  #resolve(path: string, { symlinkFollow = false }: PathFlags): Place {
    return resolvePath(this.#location, path, { followLast: symlinkFollow });
  }
}

function directoryOf(descriptor: Descriptor): DirectoryDescriptor {
  if (descriptor instanceof DirectoryDescriptor) return descriptor;
  throw "not-directory" satisfies ErrorCode;
}
