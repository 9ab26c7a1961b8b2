/**
 * `gyre check`: says whether an application can run, and what each component may touch.
 *
 * @module
 */

import { Command } from "commander";
import type { Limits } from "../app/application.ts";
import { formatDuration } from "../duration.ts";
import { formatSize } from "../size.ts";
import { type ComponentInspection, inspect } from "../runtime/inspect.ts";
import { selectTriggers } from "../runtime/select_triggers.ts";
import { ExitCode } from "./exit_code.ts";
import { loadForCommand } from "./load.ts";
import { configureLogging } from "./logging.ts";
import { addCommonOptions, type CommonOptions, prepareOptions } from "./options.ts";
import { errorAsData, printError } from "./report.ts";
import type { Terminal } from "./terminal.ts";

const HELP = `
Nothing is run. The exit code is 0 if the application can run, 1 if it cannot, and 2 if the
arguments are wrong. What is wrong with a component that no trigger calls is only mentioned.

Examples:
  gyre check app.toml
  gyre check app.toml --format json`;

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function checkCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command("check")
    .summary("say what each component imports and may touch")
    .description(
      "Checks a manifest and its components, and prints for each one the functions that triggers " +
        "call, the imports that it needs, and the Deno permissions that its worker will get.",
    )
    .argument("<app>", "manifest, directory or .wasm component");
  return addCommonOptions(command)
    .addHelpText("after", HELP)
    .action(async (app: string, options: CommonOptions) =>
      exit(await check(app, options, terminal))
    );
}

async function check(path: string, options: CommonOptions, terminal: Terminal): Promise<number> {
  const { format } = options;
  configureLogging({ terminal, quiet: true, format });
  const { application, triggers } = await loadForCommand(path, { terminal, format });
  const inspections = await inspect(application, { ...prepareOptions(options), triggers });
  for (const { schema: { type } } of triggers) {
    const line = { type: "trigger-type", name: type, permissions: "those of the host" };
    if (format === "json") terminal.out(JSON.stringify(line) + "\n");
    else terminal.out(`trigger type ${type}: a program that runs with the host's permissions\n`);
  }
  for (const inspection of inspections) {
    if (format === "json") terminal.out(asJson(inspection) + "\n");
    else printPlain(inspection, terminal);
  }
  selectTriggers(application); // without one it cannot run
  const broken = inspections.some(({ triggered, errors }) => triggered && errors.length > 0);
  return broken ? ExitCode.failure : ExitCode.ok;
}

function asJson({ errors, ...inspection }: ComponentInspection): string {
  return JSON.stringify({ type: "component", ...inspection, errors: errors.map(errorAsData) });
}

function printPlain(inspection: ComponentInspection, terminal: Terminal): void {
  const { id, triggered, triggers, imports, exports, permissions, policy, limits, gaps, errors } =
    inspection;
  terminal.out(`${id}${triggered ? "" : " (no trigger calls it)"}\n`);
  for (const { id, type, description, entryPoint = "nothing" } of triggers) {
    terminal.out(`  trigger ${id}: ${type}, ${description}, calls ${entryPoint}\n`);
  }
  if (permissions !== undefined) {
    printList("exports", exports, terminal);
    printList("imports", imports, terminal);
    printList("limits", describeLimits(limits), terminal);
    if (policy !== undefined) {
      printList("policy, wall one", Object.entries(policy).map(formatGrant), terminal);
    }
    const allowed = Object.entries(permissions).map(formatPermission);
    printList("Deno permissions, wall two", allowed, terminal);
    if (gaps.length > 0) printList("where Deno's permissions are wider", gaps, terminal);
  }
  for (const error of errors) printError(error, { terminal, format: "plain" });
}

function printList(title: string, items: readonly string[], terminal: Terminal): void {
  terminal.out(`  ${title}:${items.length === 0 ? " none" : ""}\n`);
  for (const item of items) terminal.out(`    ${item}\n`);
}

function describeLimits({ timeout, memory, maxConcurrency, queue }: Limits): readonly string[] {
  return [
    `timeout: ${timeout === undefined ? "none" : formatDuration(timeout)}`,
    `memory: ${formatSize(memory)}`,
    `instances at once: ${maxConcurrency}, and ${queue} events may wait`,
  ];
}

function formatGrant([name, values]: [string, readonly string[]]): string {
  return `${name}: ${values.length === 0 ? "none" : values.join(", ")}`;
}

function formatPermission([name, value]: [string, unknown]): string {
  const empty = value === false || (Array.isArray(value) && value.length === 0);
  if (empty) return `${name}: none`;
  return `${name}: ${Array.isArray(value) ? value.join(", ") : value === true ? "all" : value}`;
}
