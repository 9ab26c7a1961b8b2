/**
 * Keeps what guests write in files, `<component>_stdout.txt` and `<component>_stderr.txt`.
 *
 * @module
 */

import { join } from "node:path";
import { GyreError, messageOf } from "../errors.ts";
import type { ComponentOutput } from "../context/execution_context.ts";

/** The files of one directory, opened when their first line comes. */
export class OutputFiles implements Disposable {
  readonly #directory: string;
  readonly #files = new Map<string, Deno.FsFile>();
  readonly #encoder = new TextEncoder();

  /**
   * Prepares a directory.
   *
   * @param directory Made if it is not there.
   * @throws {GyreError} `ERR_LOG_DIR` if it cannot be made.
   */
  constructor(directory: string) {
    this.#directory = directory;
    try {
      Deno.mkdirSync(directory, { recursive: true });
    } catch (cause) {
      throw new GyreError("ERR_LOG_DIR", `Cannot keep logs in ${directory}: ${messageOf(cause)}`, {
        cause,
        hint: "Name another directory with --log-dir, or none with --log-dir=",
      });
    }
  }

  /**
   * Appends a line. Synchronous, so that a line is on disk before anything that follows it happens.
   *
   * @param output The line.
   */
  write({ component, stream, line }: ComponentOutput): void {
    const name = `${component}_${stream}.txt`;
    let file = this.#files.get(name);
    if (file === undefined) {
      file = Deno.openSync(join(this.#directory, name), {
        append: true,
        create: true,
      });
      this.#files.set(name, file);
    }
    const bytes = this.#encoder.encode(`${line}\n`);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  }

  /** Closes the files. */
  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }
}
