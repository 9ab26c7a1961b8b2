/**
 * The command line's entry: arguments in, exit code out. This room alone owns the process.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import { PrepareError } from "../errors.ts";
import { checkCommand } from "./check.ts";
import { ExitCode } from "./exit_code.ts";
import { printError } from "./report.ts";
import { runCommand } from "./run.ts";
import { runsCommand } from "./runs.ts";
import { scheduleCommand } from "./schedule.ts";
import { simulateCommand } from "./simulate.ts";
import { Terminal } from "./terminal.ts";
import { triggerCommand } from "./trigger.ts";
import { upCommand } from "./up.ts";
import { versionText } from "./version.ts";

const EXAMPLES = `
Examples:
  gyre app.toml                     run an application until Ctrl-C
  gyre up app.toml --test           fire every trigger once, and exit 0 if all is well
  gyre run wc.wasm -- -l            run one command, with your stdin and stdout
  gyre check app.toml               say what each component imports and may touch
  gyre app.toml --format json       one JSON object per line, for programs
  gyre schedule app.toml            when the next ticks are due
  gyre runs app.toml                what ran, and what did not

Learn more about a command with: gyre COMMAND --help`;

/**
 * Runs the command line, and ends the process with its exit code.
 *
 * @param args The arguments, without the program's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  const exitCode = await run(args);
  // A guest that never returns keeps its worker's thread alive, and with it the process.
  Deno.exit(exitCode);
}

async function run(args: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  let exitCode: number = ExitCode.ok;
  const program = new Command("gyre")
    .description("Runs WebAssembly components when events happen.")
    .version(versionText(), "-V, --version", "print the version and exit")
    .helpOption("-h, --help", "print help and exit")
    .enablePositionalOptions() // so that -- reaches the command that it was given to
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(gyre --help lists the commands and their options)")
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
    })
    .exitOverride();
  program.addCommand(upCommand(terminal, (code) => exitCode = code), { isDefault: true });
  program.addCommand(runCommand(terminal, (code) => exitCode = code));
  program.addCommand(checkCommand(terminal, (code) => exitCode = code));
  program.addCommand(scheduleCommand(terminal, (code) => exitCode = code));
  program.addCommand(simulateCommand(terminal, (code) => exitCode = code));
  program.addCommand(triggerCommand(terminal, (code) => exitCode = code));
  program.addCommand(runsCommand(terminal, (code) => exitCode = code));
  inheritSettings(program);
  if (args.length === 0) {
    terminal.err(program.helpInformation() + EXAMPLES + "\n");
    return ExitCode.usage;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has printed what it found, or the help that was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    }
    printError(error, { terminal, format: formatOf(args) });
    return isUsageError(error) ? ExitCode.usage : ExitCode.failure;
  }
}

/** commander gives a command its settings only if it makes the command itself. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}

/** Whether an argument names what the application does not have. */
function isUsageError(error: unknown): boolean {
  return error instanceof PrepareError &&
    USAGE_CODES.has(error.code);
}

const USAGE_CODES: ReadonlySet<string> = new Set([
  "ERR_UNKNOWN_COMPONENT",
  "ERR_UNKNOWN_TRIGGER",
  "ERR_UNKNOWN_VARIABLE",
]);

const JSON_REGEXP = /(?:^| )--(?:format[ =]json|json)(?: |$)/;

/** The format that errors are printed in, even if the arguments are not whole. */
function formatOf(args: readonly string[]): "plain" | "json" {
  const end = args.indexOf("--"); // what follows is a guest's
  const text = (end === -1 ? args : args.slice(0, end)).join(" ");
  return JSON_REGEXP.test(text) ? "json" : "plain";
}
