/**
 * `gyre trigger`: fires one trigger by hand.
 *
 * @module
 */

import { Command } from "commander";
import { RunEvents } from "../runtime/events.ts";
import { start } from "../runtime/start.ts";
import { ExitCode } from "./exit_code.ts";
import { loadForCommand } from "./load.ts";
import { configureLogging } from "./logging.ts";
import { addCommonOptions, type CommonOptions, prepareOptions } from "./options.ts";
import { showProgress } from "./progress.ts";
import { StopSignals } from "./signals.ts";
import { addStateOptions, stateDirectory, type StateOptions } from "./state_directory.ts";
import type { Terminal } from "./terminal.ts";

const HELP = `
The trigger's component is called once, now, whatever its schedule says, and the ledger of runs keeps
it as a run by hand. A host that runs the application at the same time is not disturbed. A failure is
not tried again.

The exit code is 0 if the event is ok, 1 if it is not or the application cannot be run, 2 if the
arguments are wrong, and 130 after Ctrl-C. gyre check lists the ids of an application's triggers.

Examples:
  gyre trigger app.toml report-cron-trigger
  gyre trigger app.toml nightly --env DRY_RUN=1 --no-state`;

type TriggerOptions = CommonOptions & StateOptions;

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function triggerCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command("trigger")
    .summary("fire one trigger by hand, once")
    .description("Calls the component of one trigger, once, now.")
    .argument("<app>", "manifest or directory")
    .argument("<id>", "the trigger's id");
  return addCommonOptions(addStateOptions(command))
    .addHelpText("after", HELP)
    .action(async (app: string, id: string, options: TriggerOptions) =>
      exit(await fire(app, { id, options, terminal }))
    );
}

async function fire(
  path: string,
  { id, options, terminal }: {
    readonly id: string;
    readonly options: TriggerOptions;
    readonly terminal: Terminal;
  },
): Promise<number> {
  const { format } = options;
  configureLogging({ terminal, quiet: false, format });
  using signals = new StopSignals();
  terminal.onClosed = () => signals.request();
  const { application, triggers } = await loadForCommand(path, { terminal, format });
  const stateDir = stateDirectory(application, options);
  const events = new RunEvents();
  try {
    using _progress = showProgress(events, terminal);
    const running = await start(application, {
      ...prepareOptions(options),
      triggers,
      triggerIds: [id],
      once: true,
      events,
      signal: signals.graceful,
      ...(stateDir !== undefined && { stateDir }),
    });
    signals.forced.addEventListener("abort", () => running.stop({ grace: 0 }), { once: true });
    const { ok } = await running.finished;
    if (ok === 1) return ExitCode.ok;
    return signals.graceful.aborted ? ExitCode.forced : ExitCode.failure;
  } catch (error) {
    if (signals.graceful.aborted) return ExitCode.forced;
    throw error;
  }
}
