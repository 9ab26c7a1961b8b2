/**
 * `gyre schedule`: prints the coming ticks of an application.
 *
 * @module
 */

import { Command } from "commander";
import { upcoming, type UpcomingTick, withoutSchedule } from "../runtime/upcoming.ts";
import { ExitCode } from "./exit_code.ts";
import { loadForCommand } from "./load.ts";
import { countOption } from "./count_option.ts";
import { formatOption } from "./options.ts";
import type { OutputFormat } from "./logging.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { timeOption } from "./time_option.ts";

const DEFAULT_COUNT = 10;

const HELP = `
Nothing is run. Each tick is shown in UTC, and in the time zone of its schedule. Timers are taken to
start at --from. What jitter puts off is shown at its nominal time. Triggers without a schedule, such
as commands, are named at the end.

Examples:
  gyre schedule app.toml
  gyre schedule app.toml --from 2026-03-28T00:00Z --to 2026-03-30T00:00Z
  gyre schedule app.toml -c report --count 5 --format json`;

interface ScheduleOptions {
  readonly from?: number;
  readonly to?: number;
  readonly count?: number;
  readonly component?: readonly string[];
  readonly format: OutputFormat;
}

/**
 * Makes the command.
 *
 * @param terminal Where it prints.
 * @param exit Takes the exit code.
 * @returns The command.
 */
export function scheduleCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("schedule")
    .summary("print the coming ticks, without running anything")
    .description("Prints when the timers and cron triggers of an application are due.")
    .argument("<app>", "manifest or directory")
    .option("--from <time>", "when it starts, such as 2026-03-28T00:00Z (default: now)", timeOption)
    .option("--to <time>", "when it ends (default: after --count ticks)", timeOption)
    .option(
      "-n, --count <count>",
      "how many ticks at most (default: 10; all with --to)",
      countOption,
    )
    .option("-c, --component <id...>", "only ticks of these components")
    .addOption(formatOption())
    .addHelpText("after", HELP)
    .action(async (app: string, options: ScheduleOptions) =>
      exit(await schedule(app, options, terminal))
    );
}

async function schedule(
  path: string,
  { from = Date.now(), to, component, format, ...options }: ScheduleOptions,
  terminal: Terminal,
): Promise<number> {
  const { application, triggers } = await loadForCommand(path, { terminal, format });
  const count = options.count ?? (to === undefined ? DEFAULT_COUNT : Infinity);
  const selection = { triggers, ...(component !== undefined && { components: component }) };
  const ticks = upcoming(application, { from, ...(to !== undefined && { to }), ...selection })
    .take(count);
  const others = withoutSchedule(application, selection);
  if (format === "json") {
    for (const tick of ticks) terminal.out(asJson(tick) + "\n");
    for (const { id, component } of others) {
      terminal.out(JSON.stringify({ type: "no-schedule", trigger: id, component }) + "\n");
    }
    return ExitCode.ok;
  }
  const rows = [...ticks].map((tick) => [
    new Date(tick.scheduled).toISOString(),
    inZone(tick),
    tick.trigger,
    tick.component,
  ]);
  if (rows.length === 0) terminal.err("No trigger has a tick then.\n");
  else {
    const head = ["UTC", "IN ITS TIME ZONE", "TRIGGER", "COMPONENT"];
    terminal.out(formatTable([head, ...rows], terminal.tableWidth));
  }
  for (const { id, type } of others) {
    terminal.out(`Trigger ${id} has no schedule, because it is a ${type}\n`);
  }
  return ExitCode.ok;
}

function asJson(tick: UpcomingTick): string {
  const { scheduled, trigger, component, timezone } = tick;
  const time = new Date(scheduled).toISOString();
  return JSON.stringify({
    type: "tick",
    scheduled: time,
    local: inZone(tick),
    timezone,
    trigger,
    component,
  });
}

/** A time as a clock on the wall of its zone shows it, with the zone's name. */
function inZone({ scheduled, timezone }: UpcomingTick): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    weekday: "short",
    timeZoneName: "longOffset",
  }).formatToParts(scheduled);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const offset = part("timeZoneName").replace("GMT", "") || "+00:00";
  return `${part("weekday")} ${part("year")}-${part("month")}-${part("day")} ` +
    `${part("hour")}:${part("minute")}:${part("second")}${offset} ${timezone}`;
}
