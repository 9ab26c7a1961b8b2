import { Descriptor } from "./descriptor.ts";
import { type DescriptorStat, toDescriptorStat } from "./descriptor_stat.ts";
import type { DescriptorFlags, OpenFlags, PathFlags } from "./descriptor_types.ts";
import { DirectoryEntryStream } from "./directory_entry_stream.ts";
import type { ErrorCode } from "./error_code.ts";
import { FileDescriptor } from "./file_descriptor.ts";
import { type MetadataHash, metadataHash } from "./metadata_hash.ts";
import { OpenFile } from "./open_file.ts";
import { type Location, type Place, readLink, resolvePath, revisit } from "./resolve_path.ts";
import { systemCall } from "./system_call.ts";

/** The descriptor of a directory. It holds nothing open. */
export class DirectoryDescriptor extends Descriptor {
  readonly #location: Location;
  readonly #signal: AbortSignal;

  /**
   * Creates a descriptor.
   *
   * @param location Where the directory is.
   * @param signal Closes, at the latest, what is opened beneath it.
   */
  constructor(location: Location, signal: AbortSignal) {
    super();
    this.#location = location;
    this.#signal = signal;
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
    const { hostPath } = revisit(this.#location);
    const entries = systemCall(() => Deno.readDirSync(hostPath));
    return new DirectoryEntryStream(entries[Symbol.iterator]());
  }

  /**
   * Opens what a path names.
   *
   * @param pathFlags Whether to follow a link at the end of the path.
   * @param path The path, beneath this directory.
   * @param openFlags What the caller expects to find, or wants to be made.
   * @param flags What the caller wants to do with it.
   * @returns The descriptor of a file or of a directory.
   * @throws `ErrorCode`: `read-only` for anything that would write.
   */
  override openAt(
    pathFlags: PathFlags,
    path: string,
    openFlags: OpenFlags,
    flags: DescriptorFlags,
  ): Descriptor {
    if (wouldWrite(openFlags, flags)) throw "read-only" satisfies ErrorCode;
    const place = this.#resolve(path, pathFlags);
    if (place.info.isSymlink) throw "loop" satisfies ErrorCode;
    if (place.info.isDirectory) {
      return new DirectoryDescriptor(place, this.#signal);
    }
    if (openFlags.directory) throw "not-directory" satisfies ErrorCode;
    return new FileDescriptor(OpenFile.open(place, this.#signal));
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

  #resolve(path: string, { symlinkFollow = false }: PathFlags): Place {
    return resolvePath(this.#location, path, { followLast: symlinkFollow });
  }
}

function wouldWrite(openFlags: OpenFlags, flags: DescriptorFlags): boolean {
  return [
    openFlags.create,
    openFlags.truncate,
    flags.write,
    flags.mutateDirectory,
  ].includes(true);
}
