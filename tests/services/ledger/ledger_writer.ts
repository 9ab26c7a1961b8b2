/**
 * Starts processes that write ledgers.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./writer_main.ts", import.meta.url));

/** What a process is to write. */
export interface WriterOptions {
  /** The directory of the ledger. */
  readonly directory: string;
  /** The name under which the application is kept. Default `app.toml`. */
  readonly application?: string;
  /** What chance is made of. Default 1. */
  readonly seed?: number;
  /** How many times it writes. Default: until it is killed. */
  readonly ticks?: number;
}

/** A process that writes a ledger. */
export class LedgerWriter {
  /** What it said so far, a line each; without what was cut off. */
  readonly lines: string[] = [];
  /** Its exit code and stderr, once it has ended. */
  readonly ended: Promise<{ readonly code: number; readonly stderr: string }>;
  readonly #child: Deno.ChildProcess;
  #wake = Promise.withResolvers<void>();
  #isOver = false;

  /**
   * Starts a process.
   *
   * @param options What it is to write.
   */
  constructor({ directory, application = "app.toml", seed = 1, ticks }: WriterOptions) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", `--allow-read=${directory}`, `--allow-write=${directory}`, MAIN],
        ...[directory, application, `${seed}`, ...(ticks === undefined ? [] : [`${ticks}`])],
      ],
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stderr = new Response(this.#child.stderr).text();
    this.ended = Promise.all([this.#child.status, stderr, this.#read()]).then(
      ([{ code }, text]) => ({ code, stderr: text }),
    );
  }

  /**
   * Waits until it has said so many lines.
   *
   * @param count How many.
   * @throws {Error} If it ends before that.
   */
  async until(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.#isOver) throw new Error(`Ended early: ${(await this.ended).stderr}`);
      await this.#wake.promise;
    }
  }

  /** Kills it, and waits until all that it said is there. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      this.lines.push(...parts);
      this.#tell();
    }
    this.#isOver = true;
    this.#tell();
  }

  #tell(): void {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers();
    resolve();
  }
}
