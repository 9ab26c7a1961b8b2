/**
 * Runs the command line as a user does, in a process of its own.
 *
 * @module
 */

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

/** What a run of the command line printed, and how it ended. */
export interface CliResult {
  /** The exit code. */
  readonly code: number;
  /** All of stdout. */
  readonly stdout: string;
  /** All of stderr. */
  readonly stderr: string;
}

/** A run of the command line that is still going on. */
export interface CliProcess {
  /** Settles with everything once the process has ended. */
  readonly result: Promise<CliResult>;
  /**
   * Waits for text on stdout.
   *
   * @param text What to wait for.
   * @param count How many times it must have been printed.
   * @throws {Error} If the process ends before that, with all that it printed.
   */
  until(text: string, count?: number): Promise<void>;
  /**
   * Sends a signal.
   *
   * @param signal The signal.
   */
  kill(signal: Deno.Signal): void;
}

/**
 * Starts the command line.
 *
 * @param args Its arguments.
 * @param env Environment variables over those of the tests.
 * @returns The process.
 */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): CliProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", CLI, ...args], // Deno itself has nothing to say
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Transcript(child.stdout);
  const stderr = new Transcript(child.stderr);
  const result = Promise.all([child.status, stdout.ended, stderr.ended]).then(([status]) => ({
    code: status.code,
    stdout: stdout.text,
    stderr: stderr.text,
  }));
  return {
    result,
    until: async (text, count = 1) => {
      if (await stdout.until(text, count)) return;
      throw new Error(`Ended without "${text}":\n${JSON.stringify(await result, null, 2)}`);
    },
    kill: (signal) => child.kill(signal),
  };
}

/**
 * Runs the command line to its end.
 *
 * @param args Its arguments.
 * @param env Environment variables over those of the tests.
 * @returns What it printed.
 */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return await startCli(args, env).result;
}

class Transcript {
  text = "";
  readonly ended: Promise<void>;
  #wake = Promise.withResolvers<boolean>();

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.ended = this.#read(stream);
  }

  async until(text: string, count: number): Promise<boolean> {
    for (;;) {
      if (this.text.split(text).length > count) return true;
      if (!await this.#wake.promise) return this.text.split(text).length > count;
    }
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      this.text += chunk;
      const { resolve } = this.#wake;
      this.#wake = Promise.withResolvers();
      resolve(true);
    }
    this.#wake.resolve(false);
  }
}
