/**
 * How the log is shown: the library only writes to its loggers, and this makes them visible.
 *
 * @module
 */

import { configureSync, type LogRecord } from "@logtape/logtape";
import type { Terminal } from "./terminal.ts";

/** The ways to print. */
export type OutputFormat = "plain" | "json";

/** Options of {@linkcode configureLogging}. */
export interface LoggingOptions {
  /** Where to print. */
  readonly terminal: Terminal;
  /** How to print: lines for people, or one JSON object per line on stdout. */
  readonly format: OutputFormat;
  /** Whether to leave out what guests write. */
  readonly quiet: boolean;
  /** The components whose output is shown; all if absent. */
  readonly follow?: readonly string[];
}

const COLOURS: Readonly<Record<string, string>> = {
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warning: "\x1b[33m",
  error: "\x1b[31m",
  fatal: "\x1b[31m",
};
const DIM = "\x1b[2m";
const RESET = "\x1b[0m";

/**
 * Shows the library's log.
 *
 * @param options Where, how, and what of it.
 */
export function configureLogging(options: LoggingOptions): void {
  const print = options.format === "json" ? printJson : printPlain;
  configureSync({
    reset: true,
    sinks: {
      terminal: (record) => {
        if (isShown(record, options)) print(record, options.terminal);
      },
    },
    loggers: [
      { category: ["gyre"], sinks: ["terminal"], lowestLevel: "info" },
      { category: ["logtape", "meta"], sinks: ["terminal"], lowestLevel: "error" },
    ],
  });
}

function isShown({ category, properties }: LogRecord, options: LoggingOptions): boolean {
  if (category.at(-1) !== "output") return true;
  const { component } = properties;
  return !options.quiet &&
    (options.follow === undefined || options.follow.includes(String(component)));
}

function printJson(record: LogRecord, terminal: Terminal): void {
  const { type = "log", text: _, ...properties } = record.properties;
  // Only a diagnostic of the library itself is known by its text alone.
  const message = type === "log" ? { message: text(record) } : {};
  const time = new Date(record.timestamp).toISOString();
  const line = { time, level: record.level, type, ...message, ...properties };
  terminal.out(JSON.stringify(line, bigintAsText) + "\n");
}

function printPlain(record: LogRecord, terminal: Terminal): void {
  const { colour } = terminal;
  if (record.category.at(-1) === "output") {
    const { component, stream, line } = record.properties;
    const prefix = colour ? `${DIM}${component} |${RESET}` : `${component} |`;
    const text = `${prefix} ${printable(String(line))}\n`;
    if (stream === "stderr") terminal.err(text);
    else terminal.out(text);
    return;
  }
  const time = new Date(record.timestamp).toISOString().slice(11, 23);
  const level = record.level.padEnd(7);
  const head = colour
    ? `${DIM}${time}${RESET} ${COLOURS[record.level]}${level}${RESET}`
    : `${time} ${level}`;
  const line = `${head} ${printable(text(record))}\n`;
  if (record.level === "info") terminal.out(line);
  else terminal.err(line);
}

/**
 * Makes control characters visible: what a guest says must not move the cursor, nor look like a
 * line of ours. Lines after the first are indented.
 */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what it looks for
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  }).replace(/\n(?! {2})/g, "\n  ");
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function text({ message }: LogRecord): string {
  return message.map((part) => typeof part === "string" ? part : String(part)).join("");
}
