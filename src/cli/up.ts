/**
 * `gyre up`: runs an application until it is stopped.
 *
 * @module
 */

import { Command, Option } from "commander";
import { join, resolve } from "node:path";
import type { Application } from "../app/application.ts";
import { PrepareError } from "../errors.ts";
import { RunEvents } from "../runtime/events.ts";
import type { RunningApplication } from "../runtime/running_application.ts";
import { start } from "../runtime/start.ts";
import { ExitCode } from "./exit_code.ts";
import { loadForCommand } from "./load.ts";
import { configureLogging } from "./logging.ts";
import { addCommonOptions, type CommonOptions, durationOption, prepareOptions } from "./options.ts";
import { showProgress } from "./progress.ts";
import { StopSignals } from "./signals.ts";
import { addStateOptions, stateDirectory, type StateOptions } from "./state_directory.ts";
import type { Terminal } from "./terminal.ts";

/** How long (ms) a forced stop may take to cancel, and to remove temporary files. */
const FORCED_STOP_TIME = 1_000;

const HELP = `
APP is a manifest, a directory that holds app.toml or spin.toml, or a .wasm component, which is
then called every second.

An application that has only commands ends with the last of them. Ctrl-C stops: running events may
end within --grace, and are then cancelled. A second Ctrl-C ends at once.

The exit code is 0 after a clean stop, 130 after a forced one, 1 if the application cannot be run, if
a command of one that has only commands failed or, with --test, any event, and 2 if the arguments are
wrong.

Examples:
  gyre up app.toml
  gyre up app.toml --test --env LEVEL=debug
  gyre up app.toml --component report --follow report
  gyre up hello.wasm`;

interface UpOptions extends CommonOptions, StateOptions {
  readonly test?: boolean;
  readonly component?: readonly string[];
  readonly logDir?: string;
  readonly quiet?: boolean;
  readonly follow?: readonly string[];
  readonly grace?: number;
}

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function upCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command("up")
    .summary("run an application (the default command)")
    .description("Runs an application: its triggers call its components, until it is stopped.")
    .argument("<app>", "manifest, directory or .wasm component")
    .option("--test", "fire every trigger once, and exit 0 only if every event is ok")
    .option("-c, --component <id...>", "run only the triggers of these components")
    .option(
      "--log-dir <dir>",
      'where output of guests is kept (default: .gyre/logs; "" for nowhere)',
    )
    .option("-q, --quiet", "do not print what guests write")
    .addOption(
      new Option("--follow <id...>", "print only what these components write").conflicts("quiet"),
    )
    .option(
      "--grace <duration>",
      "how long running events may take to end (default: 5s)",
      durationOption,
    );
  return addCommonOptions(addStateOptions(command))
    .addHelpText("after", HELP)
    .action(async (app: string, options: UpOptions) => exit(await up(app, options, terminal)));
}

async function up(path: string, options: UpOptions, terminal: Terminal): Promise<number> {
  const { follow, quiet = false, format, test = false, grace } = options;
  configureLogging({ terminal, quiet, format, ...(follow === undefined ? {} : { follow }) });
  using signals = new StopSignals();
  terminal.onClosed = () => signals.request();
  const { application, triggers } = await loadForCommand(path, { terminal, format });
  assertComponents(application, follow ?? []);
  const events = new RunEvents();
  const fired = { expected: 0, ok: 0, failed: 0 };
  events.on("started", ({ triggers }) => fired.expected = triggers.length);
  events.on("outcome", ({ kind }) => {
    if (kind === "ok") fired.ok++;
    else fired.failed++;
  });
  const logDir = logDirectory(application, options.logDir);
  const stateDir = test ? undefined : stateDirectory(application, options);
  const running = await startUnlessStopped(signals, async () => {
    using _progress = showProgress(events, terminal);
    return await start(application, {
      ...prepareOptions(options),
      triggers,
      once: test,
      events,
      signal: signals.graceful,
      ...(grace === undefined ? {} : { grace }),
      ...(logDir === undefined ? {} : { logDir }),
      ...(stateDir === undefined ? {} : { stateDir }),
      ...(options.component === undefined ? {} : { components: options.component }),
    });
  });
  // A test that was interrupted before it ran is no success.
  if (running === undefined) return test || signals.forced.aborted ? ExitCode.forced : ExitCode.ok;
  if (await stoppedByForce(running, signals.forced)) return ExitCode.forced;
  if (test) {
    if (fired.ok === fired.expected) return ExitCode.ok;
    return signals.graceful.aborted ? ExitCode.forced : ExitCode.failure;
  }
  // What nobody stopped had nothing but commands, and they are done.
  return !signals.graceful.aborted && fired.failed > 0 ? ExitCode.failure : ExitCode.ok;
}

/** Starts, unless a signal comes first: then there is nothing to stop. */
async function startUnlessStopped(
  signals: StopSignals,
  begin: () => Promise<RunningApplication>,
): Promise<RunningApplication | undefined> {
  const demanded = Promise.withResolvers<undefined>();
  signals.forced.addEventListener("abort", () => demanded.resolve(undefined), { once: true });
  try {
    return await Promise.race([begin(), demanded.promise]);
  } catch (error) {
    if (signals.graceful.aborted) return undefined;
    throw error;
  }
}

/** Waits for the end of a run. Returns whether events were cancelled for it. */
async function stoppedByForce(running: RunningApplication, force: AbortSignal): Promise<boolean> {
  const demanded = Promise.withResolvers<undefined>();
  force.addEventListener("abort", () => demanded.resolve(undefined), { once: true });
  const stopped = await Promise.race([running.finished, demanded.promise]);
  if (stopped !== undefined) return stopped.forced;
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, FORCED_STOP_TIME);
  await Promise.race([running.stop({ grace: 0 }), patience.promise]);
  clearTimeout(timer);
  return true;
}

function logDirectory(application: Application, given: string | undefined): string | undefined {
  if (given === "") return undefined;
  return given === undefined ? join(application.baseDir, ".gyre", "logs") : resolve(given);
}

function assertComponents(application: Application, ids: readonly string[]): void {
  const known = application.components.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length === 0) return;
  throw new PrepareError(
    "ERR_UNKNOWN_COMPONENT",
    `--follow names no component of ${application.origin}: ${unknown.join(", ")}`,
    { hint: `Its components are: ${known.join(", ")}` },
  );
}
