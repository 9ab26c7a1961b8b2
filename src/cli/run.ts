/**
 * `gyre run`: runs one command, with the terminal's own stdin, stdout and stderr.
 *
 * @module
 */

import { Command } from "commander";
import { basename } from "node:path";
import type { ComponentDenial } from "../context/execution_context.ts";
import type { GuestStdio } from "../isolation/isolation.ts";
import { RunEvents } from "../runtime/events.ts";
import { runCommand as runToEnd } from "../runtime/run_command.ts";
import type { Outcome } from "../triggers/outcome.ts";
import { type DirectoryOption, directoryOption, toMounts } from "./directory_option.ts";
import { ExitCode } from "./exit_code.ts";
import { configureLogging } from "./logging.ts";
import { cacheDirectory, durationOption, pairOption, sizeOption } from "./options.ts";
import { showProgress } from "./progress.ts";
import { StopSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

/** How many bytes of stdin are asked for at once. */
const LONGEST_READ = 65_536;

const HELP = `
FILE is a component that exports wasi:cli/run, or a core module for WASI preview 1, as wasm32-wasip1
and GOOS=wasip1 make them. It sees nothing but what these options grant. What follows -- are its
arguments, after its own name, which is that of FILE.

The exit code is the command's own; 1 if it returns an error or cannot be run, 2 if the arguments
are wrong, 124 if its --timeout was over, 134 if it trapped, and 130 after Ctrl-C.

Examples:
  gyre run hello.wasm
  gyre run wc.wasm -- -l < input.txt
  gyre run build.wasm --dir src::/src:ro --dir out::/out --env LEVEL=debug -- /src /out
  gyre run fetch.wasm --allow-host https://example.com --timeout 10s`;

interface RunOptions {
  readonly dir?: readonly DirectoryOption[];
  readonly env?: Readonly<Record<string, string>>;
  readonly allowHost?: readonly string[];
  readonly allowInbound?: readonly string[];
  readonly timeout?: number;
  readonly memory?: number;
  readonly cacheDir?: string;
}

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function runCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("run")
    .summary("run one command, with your stdin, stdout and stderr")
    .description("Runs a command to its end, with stdin, stdout and stderr passed through.")
    .argument("<file>", "component or core module of a command")
    .argument("[args...]", "the command's arguments")
    .option(
      "--dir <host::guest[:ro]>",
      "let it see a directory, and change what is in it unless :ro follows",
      directoryOption,
    )
    .option("-e, --env <K=V>", "set an environment variable", pairOption)
    .option("--allow-host <host>", "let it connect, such as to https://example.com", collect)
    .option("--allow-inbound <addr>", "let it listen, such as on tcp://127.0.0.1:7000", collect)
    .option("--timeout <duration>", "how long it may take (default: for ever)", durationOption)
    .option("--memory <size>", "how much memory it may have (default: 256MiB)", sizeOption)
    .option(
      "--cache-dir <dir>",
      "where compiled components are kept (default: GYRE_CACHE_DIR, or the platform's cache " +
        "directory)",
    )
    .addHelpText("after", HELP)
    .action(async (file: string, args: readonly string[], options: RunOptions) =>
      exit(await run(file, { args, options, terminal }))
    );
}

async function run(
  file: string,
  { args, options, terminal }: {
    readonly args: readonly string[];
    readonly options: RunOptions;
    readonly terminal: Terminal;
  },
): Promise<number> {
  configureLogging({ terminal, quiet: true, format: "plain" });
  using signals = new StopSignals();
  terminal.onClosed = () => signals.request();
  const { dir = [], env = {}, allowHost = [], allowInbound = [], timeout, memory } = options;
  const mounts = await toMounts(dir);
  const events = new RunEvents();
  using _progress = showProgress(events, terminal);
  const running = runToEnd(file, {
    args: [basename(file), ...args],
    stdio: stdioOf(terminal),
    environment: env,
    mounts,
    allowedHosts: allowHost,
    allowedInbound: allowInbound,
    cacheDir: cacheDirectory(options.cacheDir),
    signal: signals.graceful,
    onPreparing: (progress) => events.emit("preparing", progress),
    onDenied: (denial) => terminal.err(denialText(denial)),
    ...(timeout !== undefined && { timeout }),
    ...(memory !== undefined && { memory }),
  });
  try {
    const outcome = await unlessForced(running, signals.forced);
    if (outcome === undefined) return ExitCode.forced;
    const { kind, error } = outcome;
    if (kind !== "ok" && kind !== "cancelled" && error?.exitCode === undefined) {
      terminal.err(failureText(outcome));
    }
    return exitCodeOf(outcome);
  } catch (error) {
    if (signals.graceful.aborted) return ExitCode.forced;
    throw error;
  }
}

/** Waits for the end of a run, unless a second signal demands the end of the process. */
async function unlessForced(
  running: Promise<Outcome>,
  forced: AbortSignal,
): Promise<Outcome | undefined> {
  const demanded = Promise.withResolvers<undefined>();
  forced.addEventListener("abort", () => demanded.resolve(undefined), { once: true });
  return await Promise.race([running, demanded.promise]);
}

function stdioOf(terminal: Terminal): GuestStdio {
  return {
    async stdin(limit) {
      const buffer = new Uint8Array(Math.min(limit, LONGEST_READ));
      const length = await Deno.stdin.read(buffer);
      return length === null ? undefined : buffer.subarray(0, length);
    },
    onBytes: ({ stream, bytes }) => terminal.write(stream, bytes),
  };
}

function exitCodeOf({ kind, error }: Outcome): number {
  switch (kind) {
    case "ok":
      return ExitCode.ok;
    case "trap":
      return ExitCode.trap;
    case "timeout":
      return ExitCode.timeout;
    case "cancelled":
      return ExitCode.forced;
    default:
      return error?.exitCode ?? ExitCode.failure;
  }
}

function failureText({ kind, error }: Outcome): string {
  const frames = error?.stack.map((frame) => `\n    at ${frame}`) ?? [];
  return `error: ${kind}: ${error?.message}${frames.join("")}\n`;
}

/** Says what the command was refused, and which option allows it. */
function denialText({ target, reason, grant }: ComponentDenial): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  const flag = grant.startsWith("allowed_inbound") ? "--allow-inbound" : "--allow-host";
  const flags = (grant.match(/"[^"]*"/g) ?? []).map((entry) => `${flag} ${entry}`);
  return `warning: not allowed to ${target}${why}\n  = help: To allow it, add ${flags.join(" ")}\n`;
}

function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}
