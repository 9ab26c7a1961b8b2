/**
 * `gyre runs`: shows what the ledger of runs has.
 *
 * @module
 */

import { Command, InvalidArgumentError, Option } from "commander";
import type { Application } from "../app/application.ts";
import { parseDuration } from "../duration.ts";
import { PrepareError, StateError } from "../errors.ts";
import { parseMoment } from "../moment.ts";
import { assertKnown } from "../runtime/select_triggers.ts";
import { applicationKey } from "../services/ledger/application_key.ts";
import { RunLedger } from "../services/ledger/run_ledger.ts";
import { RUN_OUTCOMES, type RunOutcome } from "../services/ledger/run_record.ts";
import { countOption } from "./count_option.ts";
import { ExitCode } from "./exit_code.ts";
import { loadForCommand } from "./load.ts";
import type { OutputFormat } from "./logging.ts";
import { formatOption } from "./options.ts";
import { printRun, printRuns, runAsJson } from "./run_table.ts";
import { stateDirectory } from "./state_directory.ts";
import type { Terminal } from "./terminal.ts";

const HELP = `
The ledger has every tick of timers and cron triggers, and what gyre trigger ran by hand, for 30 days
and up to 100,000 runs. It can be read while a host writes it. Ticks that were not run, for one reason
and in a row, are one line.

Examples:
  gyre runs                                    the latest runs of the application in this directory
  gyre runs app.toml --component report --since 24h
  gyre runs --outcome trap timeout --json
  gyre runs show 42                            one run, with what its guest wrote`;

const APP_HELP = "manifest or directory";
const HERE = ".";

interface LedgerOptions {
  readonly stateDir?: string;
  readonly json?: boolean;
  readonly format: OutputFormat;
}

interface ListOptions extends LedgerOptions {
  readonly component?: string;
  readonly trigger?: string;
  readonly outcome?: readonly RunOutcome[];
  readonly since?: number;
  readonly limit?: number;
}

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function runsCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const list = addLedgerOptions(new Command("list"))
    .summary("list runs, the latest first (the default)")
    .argument("[app]", APP_HELP, HERE)
    .option("-c, --component <id>", "only runs of this component")
    .option("-t, --trigger <id>", "only runs of this trigger")
    .addOption(
      new Option("--outcome <kind...>", "only runs that ended so").choices([...RUN_OUTCOMES]),
    )
    .option("--since <time>", "only runs since then, such as 24h or 2026-03-28T00:00Z", sinceOption)
    .option("-n, --limit <count>", "how many at most (default: 100)", countOption)
    .action(async (app: string, options: ListOptions) =>
      exit(await listRuns(app, options, terminal))
    );
  const show = addLedgerOptions(new Command("show"))
    .summary("show one run, with what its guest wrote")
    .argument("<id>", "the run's number", countOption)
    .argument("[app]", APP_HELP, HERE)
    .action(async (id: number, app: string, options: LedgerOptions) =>
      exit(await showRun(app, { id, options, terminal }))
    );
  return new Command("runs")
    .summary("show what ran, and what did not")
    .description("Shows the ledger of runs.")
    .addCommand(list, { isDefault: true })
    .addCommand(show)
    .addHelpText("after", HELP);
}

function addLedgerOptions(command: Command): Command {
  return command
    .option("--state-dir <dir>", "where the ledger of runs is kept (default: .gyre)")
    .option("--json", "the same as --format json")
    .addOption(formatOption());
}

async function listRuns(path: string, options: ListOptions, terminal: Terminal): Promise<number> {
  const { component, trigger, outcome, since, limit } = options;
  const application = await load(path, options, terminal);
  assertKnown(application, {
    ...(component !== undefined && { components: [component] }),
    ...(trigger !== undefined && { triggerIds: [trigger] }),
  });
  using ledger = openLedger(application, options);
  const runs = ledger?.list({
    ...(component !== undefined && { component }),
    ...(trigger !== undefined && { trigger }),
    ...(outcome !== undefined && { outcomes: outcome }),
    ...(since !== undefined && { since }),
    ...(limit !== undefined && { limit }),
  }) ?? [];
  if (isJson(options)) { for (const run of runs) terminal.out(runAsJson(run) + "\n"); }
  else if (runs.length > 0) printRuns(runs, terminal);
  else {terminal.err(
      ledger === undefined ? "Nothing was run here yet.\n" : "No run is like that.\n",
    );}
  return ExitCode.ok;
}

async function showRun(
  path: string,
  { id, options, terminal }: {
    readonly id: number;
    readonly options: LedgerOptions;
    readonly terminal: Terminal;
  },
): Promise<number> {
  const application = await load(path, options, terminal);
  using ledger = openLedger(application, options);
  const run = ledger?.find(id);
  if (ledger === undefined || run === undefined) {
    throw new PrepareError(
      "ERR_UNKNOWN_RUN",
      `The ledger of ${application.origin} has no run ${id}`,
      {
        hint: "gyre runs lists them; old ones are removed after 30 days, or 100,000 others",
      },
    );
  }
  const lines = ledger.lines(id);
  if (isJson(options)) terminal.out(runAsJson({ ...run, lines }) + "\n");
  else printRun(run, lines, terminal);
  return ExitCode.ok;
}

async function load(
  path: string,
  options: LedgerOptions,
  terminal: Terminal,
): Promise<Application> {
  const format = isJson(options) ? "json" : "plain";
  return (await loadForCommand(path, { terminal, format })).application;
}

function isJson({ json = false, format }: LedgerOptions): boolean {
  return json || format === "json";
}

/** Opens the ledger, if there is one. */
function openLedger(application: Application, options: LedgerOptions): RunLedger | undefined {
  const directory = stateDirectory(application, options);
  if (directory === undefined) return undefined;
  try {
    return RunLedger.open({
      directory,
      application: applicationKey(application),
      now: Date.now(),
      readOnly: true,
    });
  } catch (error) {
    if (error instanceof StateError && error.code === "ERR_STATE_MISSING") return undefined;
    throw error;
  }
}

function sinceOption(text: string): number {
  const duration = parseDuration(text);
  const moment = duration === undefined ? parseMoment(text) : Date.now() - duration;
  if (moment !== undefined) return moment;
  throw new InvalidArgumentError('Expected a duration such as "24h", or a moment.');
}
