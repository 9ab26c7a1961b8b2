/**
 * `gyre simulate`: runs an application's schedules in virtual time.
 *
 * @module
 */

import { Command } from "commander";
import { RunEvents } from "../runtime/events.ts";
import { simulate } from "../runtime/simulate.ts";
import { ExitCode } from "./exit_code.ts";
import { loadForCommand } from "./load.ts";
import { addCommonOptions, type CommonOptions, prepareOptions } from "./options.ts";
import { showProgress } from "./progress.ts";
import { printRuns, runAsJson } from "./run_table.ts";
import { StopSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { timeOption } from "./time_option.ts";

const HELP = `
The components run for real, against a clock that jumps from tick to tick, so that a month takes as
long as its ticks compute. Guests see that clock too, and random numbers that are made from --seed:
the same simulation prints the same every time. Guests can connect to nothing, and what they write
into directories is thrown away. Only triggers with a schedule take part.

The exit code is 0 if every tick that ran is ok, 1 if one is not or the application cannot be run, 2
if the arguments are wrong, and 130 after Ctrl-C.

Examples:
  gyre simulate app.toml --from 2026-03-28T00:00Z --to 2026-03-30T00:00Z
  gyre simulate app.toml --from 2026-01-01T00:00Z --to 2027-01-01T00:00Z -c report --format json`;

/** How long (ms) to wait until it is said again how far it is. */
const PAUSE = 2_000;

interface SimulateCommandOptions extends CommonOptions {
  readonly from: number;
  readonly to: number;
  readonly seed?: string;
  readonly component?: readonly string[];
}

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function simulateCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command("simulate")
    .summary("run the schedules of an application in virtual time")
    .description("Runs the real components in virtual time, and prints what ran.")
    .argument("<app>", "manifest or directory")
    .requiredOption("--from <time>", "when it starts, such as 2026-03-28T00:00Z", timeOption)
    .requiredOption("--to <time>", "when it takes no further tick", timeOption)
    .option("--seed <text>", "what random numbers are made from (default: gyre)")
    .option("-c, --component <id...>", "run only the triggers of these components");
  return addCommonOptions(command)
    .addHelpText("after", HELP)
    .action(async (app: string, options: SimulateCommandOptions) =>
      exit(await run(app, options, terminal))
    );
}

async function run(
  path: string,
  options: SimulateCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { format, from, to, seed, component } = options;
  if (to <= from) {
    terminal.err("error: --to is not after --from\n");
    return ExitCode.usage;
  }
  using signals = new StopSignals();
  terminal.onClosed = () => signals.request();
  const { application, triggers } = await loadForCommand(path, { terminal, format });
  const { allowTransientWrite: _, ...prepare } = prepareOptions(options);
  const events = new RunEvents();
  using _progress = showProgress(events, terminal);
  showSimulatedTime(events, terminal);
  try {
    const runs = await simulate(application, {
      ...prepare,
      triggers,
      from,
      to,
      events,
      signal: signals.graceful,
      ...(seed !== undefined && { seed }),
      ...(component !== undefined && { components: component }),
    });
    // An estimate of the machine's time is no part of what is the same every time.
    const shown = runs.map(({ cpu: _, ...run }) => run);
    if (format === "json") { for (const run of shown) terminal.out(runAsJson(run) + "\n"); }
    else printRuns(shown, terminal);
    const isGood = ({ outcome }: { readonly outcome?: string }) =>
      outcome === "ok" || outcome === "missed" || outcome === "skipped";
    return runs.every(isGood) ? ExitCode.ok : ExitCode.failure;
  } catch (error) {
    if (signals.graceful.aborted) return ExitCode.forced;
    throw error;
  }
}

/** Says now and then how far a long simulation is, to someone who looks on. */
function showSimulatedTime(events: RunEvents, terminal: Terminal): void {
  if (!Deno.stderr.isTerminal()) return;
  let shown = performance.now();
  events.on("outcome", ({ event }) => {
    if (performance.now() - shown < PAUSE) return;
    shown = performance.now();
    terminal.err(`Simulated up to ${event} ...\n`);
  });
}
