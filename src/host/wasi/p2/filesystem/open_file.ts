import type { DescriptorFlags } from "./descriptor_types.ts";
import type { ErrorCode } from "./error_code.ts";
import type { InstanceFiles } from "./instance_files.ts";
import { identityOf, type Place, type Vacancy } from "./location.ts";
import type { NewTimes } from "./new_times.ts";
import { isStill } from "./resolve_path.ts";
import { systemCall } from "./system_call.ts";

/** How a file is opened. */
export interface OpenFileOptions {
  /** What the guest wants to do with it. */
  readonly flags: DescriptorFlags;
  /** Whether to empty it. */
  readonly truncate: boolean;
}

/** A file that a descriptor and the streams made from it hold together. The last one closes it. */
export class OpenFile {
  /** What is open that belongs to the same instance. */
  readonly files: InstanceFiles;
  readonly #file: Deno.FsFile;
  readonly #hostPath: string;
  readonly #flags: DescriptorFlags;
  readonly #close = () => {
    this.#file.close();
    this.#appender?.close();
  };
  /** Opened at the first append; the same as `#file` where that cannot be done. */
  #appender: Deno.FsFile | undefined;
  #holders = 1;

  private constructor(file: Deno.FsFile, place: Vacancy | Place, options: {
    readonly files: InstanceFiles;
    readonly flags: DescriptorFlags;
  }) {
    this.#file = file;
    this.#hostPath = place.hostPath;
    this.#flags = options.flags;
    this.files = options.files;
    this.files.signal.addEventListener("abort", this.#close, { once: true });
  }

  /**
   * Opens a regular file.
   *
   * @param place The file, resolved.
   * @param files What the instance has open; counts the file.
   * @param options What to do with it.
   * @returns The file, held once.
   * @throws `ErrorCode`
   */
  static open(place: Place, files: InstanceFiles, options: OpenFileOptions): OpenFile {
    const { flags, truncate } = options;
    // Opening a named pipe would block the whole thread, and a device is not a guest's business.
    if (!place.info.isFile) throw "access" satisfies ErrorCode;
    return counted(files, () => {
      const file = systemCall(() =>
        Deno.openSync(place.hostPath, {
          read: mayRead(flags),
          write: flags.write === true || truncate,
        })
      );
      return closedUnless(file, () => {
        // Opening follows links, so one may have slipped in since the path was resolved.
        const isSame = identityOf(file.statSync()) === place.identity;
        if (!isSame || !isStill(place)) throw "access" satisfies ErrorCode;
        // Not before it is known to be the right file.
        if (truncate) file.truncateSync(0);
        return new OpenFile(file, place, { files, flags });
      });
    });
  }

  /**
   * Makes a regular file and opens it.
   *
   * @param vacancy Where it is to be.
   * @param files What the instance has open; counts the file.
   * @param flags What the guest wants to do with it.
   * @returns The file, empty, held once.
   * @throws `ErrorCode`: `exist` if something is there meanwhile, also a link that leads nowhere.
   */
  static create(vacancy: Vacancy, files: InstanceFiles, flags: DescriptorFlags): OpenFile {
    return counted(files, () => {
      const file = systemCall(() =>
        Deno.openSync(vacancy.hostPath, { read: mayRead(flags), write: true, createNew: true })
      );
      return closedUnless(file, () => {
        // An empty file that was made elsewhere is left there: to remove it by its path might hit
        // another one.
        const info = file.statSync();
        const { parent, hostPath } = vacancy;
        const place = { parent, hostPath, mount: parent.mount, info, identity: identityOf(info) };
        if (!isStill(place)) throw "access" satisfies ErrorCode;
        return new OpenFile(file, vacancy, { files, flags });
      });
    });
  }

  /** What the guest may do with the file. */
  get flags(): DescriptorFlags {
    return { ...this.#flags, read: mayRead(this.#flags), write: this.#flags.write === true };
  }

  /**
   * Holds the file once more.
   *
   * @throws `ErrorCode`: `quota` if the instance holds too much already.
   */
  hold(): this {
    this.files.acquire();
    this.#holders += 1;
    return this;
  }

  /** Lets go of the file, once for every time that it was held. */
  release(): void {
    this.files.release();
    this.#holders -= 1;
    if (this.#holders > 0 || this.files.signal.aborted) return;
    this.files.signal.removeEventListener("abort", this.#close);
    this.#close();
  }

  /**
   * Reads at a position. Readers do not disturb each other.
   *
   * @param offset The position, in bytes from the start.
   * @param limit How many bytes at most.
   * @returns The bytes; none at the end of the file.
   * @throws Deno's error as it is, since a descriptor and a stream tell it in different ways.
   */
  readAt(offset: bigint, limit: number): Uint8Array {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    const buffer = new Uint8Array(limit);
    const count = this.#file.readSync(buffer) ?? 0;
    // A short read must not keep the memory of a long one.
    return count < limit / 2 ? buffer.slice(0, count) : buffer.subarray(0, count);
  }

  /**
   * Writes at a position.
   *
   * @param offset The position, in bytes from the start.
   * @param bytes The bytes.
   * @returns How many of them were written.
   * @throws Deno's error as it is.
   */
  writeAt(offset: bigint, bytes: Uint8Array): number {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    return this.#written(this.#file.writeSync(bytes));
  }

  /**
   * Writes at the end, wherever that is by then.
   *
   * @param bytes The bytes.
   * @returns How many of them were written.
   * @throws Deno's error as it is.
   */
  append(bytes: Uint8Array): number {
    this.#appender ??= this.#openAppender();
    if (this.#appender !== undefined) return this.#written(this.#appender.writeSync(bytes));
    this.#file.seekSync(0, Deno.SeekMode.End);
    return this.#written(this.#file.writeSync(bytes));
  }

  /**
   * Cuts the file off or fills it up with zeroes.
   *
   * @param size Its new size, in bytes.
   * @throws `ErrorCode`
   */
  setSize(size: bigint): void {
    if (size > Number.MAX_SAFE_INTEGER) throw "file-too-large" satisfies ErrorCode;
    systemCall(() => this.#file.truncateSync(Number(size)));
  }

  /**
   * Sets the times of the file.
   *
   * @throws `ErrorCode`
   */
  setTimes({ atime, mtime }: NewTimes): void {
    systemCall(() => this.#file.utimeSync(atime, mtime));
  }

  /**
   * Waits until what was written is on the disk.
   *
   * @param what Whether attributes that are not needed to read the data again count too.
   * @throws `ErrorCode`
   */
  sync(what: "data" | "all"): void {
    systemCall(() => what === "data" ? this.#file.syncDataSync() : this.#file.syncSync());
  }

  /**
   * Asks for the attributes of the file.
   *
   * @returns What the system says.
   * @throws `ErrorCode`
   */
  info(): Deno.FileInfo {
    return systemCall(() => this.#file.statSync());
  }

  #written(count: number): number {
    const { fileIntegritySync, requestedWriteSync, dataIntegritySync } = this.#flags;
    if (fileIntegritySync || requestedWriteSync) this.#file.syncSync();
    else if (dataIntegritySync) this.#file.syncDataSync();
    return count;
  }

  /**
   * Opens the file once more so that the system itself finds the end, whoever else appends.
   * `undefined` if it is not where it was opened: then the end is looked for at every write.
   */
  #openAppender(): Deno.FsFile | undefined {
    try {
      const identity = identityOf(this.#file.statSync());
      if (identityOf(Deno.lstatSync(this.#hostPath)) !== identity) return undefined;
      const file = Deno.openSync(this.#hostPath, { append: true });
      if (identityOf(file.statSync()) === identity) return file;
      file.close();
      return undefined;
    } catch (error) {
      if (this.files.signal.aborted) throw error;
      return undefined;
    }
  }
}

/** What is opened neither to be read nor to be written can only be opened to be read. */
function mayRead({ read, write }: DescriptorFlags): boolean {
  return read === true || write !== true;
}

function counted(files: InstanceFiles, open: () => OpenFile): OpenFile {
  if (files.signal.aborted) throw "bad-descriptor" satisfies ErrorCode;
  files.acquire();
  try {
    return open();
  } catch (error) {
    files.release();
    throw error;
  }
}

function closedUnless(file: Deno.FsFile, check: () => OpenFile): OpenFile {
  try {
    return systemCall(check);
  } catch (error) {
    file.close();
    throw error;
  }
}
