import type { ErrorCode } from "./error_code.ts";
import type { Place } from "./resolve_path.ts";
import { systemCall } from "./system_call.ts";

/** A file that a descriptor and the streams made from it hold together. The last one closes it. */
export class OpenFile {
  readonly #file: Deno.FsFile;
  readonly #signal: AbortSignal;
  readonly #close = () => this.#file.close();
  #holders = 1;

  private constructor(file: Deno.FsFile, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
    signal.addEventListener("abort", this.#close, { once: true });
  }

  /**
   * Opens a regular file for reading.
   *
   * @param place The file, resolved.
   * @param signal Closes the file, at the latest.
   * @returns The file, held once.
   * @throws `ErrorCode`
   */
  static open(place: Place, signal: AbortSignal): OpenFile {
    // Opening a named pipe would block the whole thread, and a device is not a guest's business.
    if (!place.info.isFile) throw "access" satisfies ErrorCode;
    if (signal.aborted) throw "bad-descriptor" satisfies ErrorCode;
    const file = systemCall(() => Deno.openSync(place.hostPath));
    if (!isSame(file, place.info)) {
      file.close();
      throw "access" satisfies ErrorCode;
    }
    return new OpenFile(file, signal);
  }

  /** Holds the file once more. */
  hold(): this {
    this.#holders += 1;
    return this;
  }

  /** Lets go of the file, once for every time that it was held. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0 || this.#signal.aborted) return;
    this.#signal.removeEventListener("abort", this.#close);
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
    return buffer.subarray(0, count);
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
}

/** Whether a link slipped in between resolving and opening, which follows links. */
function isSame(file: Deno.FsFile, resolved: Deno.FileInfo): boolean {
  const opened = file.statSync();
  return opened.dev === resolved.dev && opened.ino === resolved.ino;
}
