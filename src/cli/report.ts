/**
 * Errors as people read them.
 *
 * @module
 */

import { GyreError, ManifestError, type ManifestIssue, messageOf, StartError } from "../errors.ts";
import { formatManifestError, formatManifestIssue } from "../manifest/format_issues.ts";
import type { OutputFormat } from "./logging.ts";
import type { Terminal } from "./terminal.ts";

/** Options of {@linkcode printError}. */
export interface PrintErrorOptions {
  /** Where to print. */
  readonly terminal: Terminal;
  /** How to print: text on stderr, or a JSON object on stdout. */
  readonly format: OutputFormat;
}

/**
 * Prints an error, and what to do about it. An error that is no fault of the user's, which is a
 * fault of Gyre's, is printed with its stack.
 *
 * @param error What was thrown.
 * @param options Where and how.
 */
export function printError(error: unknown, options: PrintErrorOptions): void {
  const { terminal, format } = options;
  if (error instanceof StartError) {
    for (const problem of error.errors) printError(problem, options);
  } else if (format === "json") {
    terminal.out(JSON.stringify({ type: "error", level: "error", ...errorAsData(error) }) + "\n");
  } else terminal.err(asText(error) + "\n");
}

/**
 * Prints what is odd about a manifest but no error.
 *
 * @param warnings The findings.
 * @param options Where and how.
 */
export function printWarnings(
  warnings: readonly ManifestIssue[],
  { terminal, format }: PrintErrorOptions,
): void {
  for (const warning of warnings) {
    if (format === "plain") terminal.err(formatManifestIssue(warning) + "\n\n");
    else terminal.out(JSON.stringify({ type: "warning", level: "warning", ...warning }) + "\n");
  }
}

function asText(error: unknown): string {
  if (error instanceof ManifestError) return formatManifestError(error);
  if (error instanceof GyreError) {
    const help = error.hint === undefined ? "" : `\n  = help: ${error.hint}`;
    return `error[${error.code}]: ${error.message}${causes(error)}${help}`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `error[ERR_DENO_PERMISSION]: ${error.message}\n  = help: Start Gyre with deno run -A`;
  }
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  return `error[ERR_INTERNAL]: ${detail}\n  = help: This is a fault in Gyre; please report it`;
}

/** The chain of causes whose words the message does not have already. */
function causes(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return "";
  const said = error.message.includes(cause.message) || cause.message === "";
  return (said ? "" : `\n  = cause: ${cause.message}`) + causes(cause);
}

/**
 * Turns an error into data for a JSON line.
 *
 * @param error What was thrown.
 * @returns Its code, message, hint and issues.
 */
export function errorAsData(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ManifestError) {
    return { code: error.code, message: error.message, issues: error.issues };
  }
  if (error instanceof GyreError) {
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { code: error.code, message: error.message, ...hint };
  }
  return { code: "ERR_INTERNAL", message: messageOf(error) };
}
