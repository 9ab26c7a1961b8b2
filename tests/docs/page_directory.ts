/**
 * Where the code blocks of one page run: in a copy of a clone of the repository, in which `deno`
 * and `npx -y deno` are the Deno that runs the tests.
 *
 * @module
 */

import { cp } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
/** What a page may use of the clone. */
const COPIED = [
  ...["cli.ts", "mod.ts", "src", "wit", "examples"],
  ...["deno.json", "deno.lock", "package.json"],
];
const NPX = `#!/bin/sh
if [ "$1 $2" != "-y deno" ]; then
  echo "npx runs only deno here" >&2
  exit 64
fi
shift 2
exec deno "$@"
`;
const EXECUTABLE = 0o755;
/** Longer (ms) than any block of the documentation takes on a busy machine. */
const LONGEST_RUN = 120_000;

/** How a command ended. */
export interface CommandResult {
  /** The exit code; 128 and the signal's number if a signal ended it. */
  readonly code: number;
  /** All that it wrote on stdout and stderr. */
  readonly output: string;
  /** Whether it wrote a line on stdout, and so got the SIGINT that was asked for. */
  readonly interrupted: boolean;
}

/** Options of {@linkcode PageDirectory.run}. */
export interface RunOptions {
  /** Text for stdin; stdin is empty if absent. */
  readonly stdin?: string;
  /** Whether to send SIGINT as soon as a line was written on stdout. */
  readonly interrupt?: boolean;
}

/** A copy of a clone, and the commands that a page may use. */
export class PageDirectory implements AsyncDisposable {
  /** The copy's absolute path. Commands run here. */
  readonly clone: string;
  readonly #around: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(around: string, cacheDir: string) {
    this.#around = around;
    this.clone = join(around, "gyre");
    this.#env = {
      GYRE_CACHE_DIR: cacheDir,
      NO_COLOR: "1",
      PATH: `${join(around, "bin")}:${Deno.env.get("PATH") ?? ""}`,
    };
  }

  /**
   * Copies what pages may use of the working tree.
   *
   * @param cacheDir The `GYRE_CACHE_DIR` of every command.
   * @returns The directory. Dispose it.
   */
  static async create(cacheDir: string): Promise<PageDirectory> {
    const around = await Deno.realPath(await Deno.makeTempDir({ prefix: "gyre-docs-" }));
    const directory = new PageDirectory(around, cacheDir);
    for (const name of COPIED) {
      await cp(join(REPOSITORY, name), join(directory.clone, name), {
        recursive: true,
        filter: (path) => !path.endsWith("/.gyre"),
      });
    }
    await directory.#addCommand("deno", `#!/bin/sh\nexec "${Deno.execPath()}" "$@"\n`);
    await directory.#addCommand("npx", NPX);
    return directory;
  }

  /**
   * Writes a file, with its directories.
   *
   * @param path The path relative to the clone; it may lead to a directory beside the clone.
   * @param text What to write.
   * @returns The absolute path.
   */
  async write(path: string, text: string): Promise<string> {
    const absolute = join(this.clone, path);
    if (relative(this.#around, absolute).startsWith("..")) {
      throw new RangeError(`"${path}" is outside the page's directory`);
    }
    await Deno.mkdir(dirname(absolute), { recursive: true });
    await Deno.writeTextFile(absolute, text);
    return absolute;
  }

  /**
   * Runs a program in the clone.
   *
   * @param command The program, looked up in the page's `PATH` by `sh`, and its arguments.
   * @param options What to do beside waiting for its end.
   * @returns How it ended.
   */
  async run(command: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const child = new Deno.Command("sh", {
      args: ["-c", 'exec "$@"', "sh", ...command],
      cwd: this.clone,
      env: this.#env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_RUN);
    let interrupted = false;
    const onFirstLine = () => {
      if (options.interrupt !== true) return;
      interrupted = true;
      interrupt(child);
    };
    try {
      const [status, stdout, stderr] = await Promise.all([
        child.status,
        read(child.stdout, onFirstLine),
        read(child.stderr, () => {}),
        feed(child.stdin, options.stdin ?? ""),
      ]);
      return { code: status.code, output: stdout + stderr, interrupted };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Removes the copy. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#around, { recursive: true });
  }

  async #addCommand(name: string, script: string): Promise<void> {
    await Deno.mkdir(join(this.#around, "bin"), { recursive: true });
    await Deno.writeTextFile(join(this.#around, "bin", name), script, { mode: EXECUTABLE });
  }
}

function interrupt(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGINT");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
}

async function read(stream: ReadableStream<Uint8Array>, onFirstLine: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    const before = text;
    text += decoder.decode(chunk, { stream: true });
    if (!before.includes("\n") && text.includes("\n")) onFirstLine();
  }
  return text;
}

async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  if (text !== "") await writer.write(new TextEncoder().encode(text));
  await writer.close();
}
