/**
 * Options that several commands share, and how their values are read.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { resolve } from "node:path";
import type { ExecutionContextOptions } from "../context/execution_context.ts";
import { parseDuration } from "../duration.ts";
import { defaultCacheDir } from "../loader/cache_dir.ts";
import type { OutputFormat } from "./logging.ts";

/** What the shared options say about how components are prepared. */
export type PrepareOptions = Required<
  Pick<ExecutionContextOptions, "cacheDir" | "environment" | "variables" | "allowTransientWrite">
>;

/** The values of the options that {@linkcode addCommonOptions} adds. */
export interface CommonOptions {
  /** Environment variables for every component. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values of application variables. */
  readonly variable?: Readonly<Record<string, string>>;
  /** Absolute directory for downloads and compiled components; the platform's usual one if absent. */
  readonly cacheDir?: string;
  /** Whether guests may write to the copies of their files. */
  readonly allowTransientWrite?: boolean;
  /** How to print. */
  readonly format: OutputFormat;
}

/**
 * Adds the options that every command takes that prepares components.
 *
 * @param command The command.
 * @returns The same command.
 */
export function addCommonOptions(command: Command): Command {
  return command
    .option("-e, --env <K=V>", "set an environment variable of every component", addPair)
    .option("--variable <K=V>", "give an application variable its value", addPair)
    .option(
      "--cache-dir <dir>",
      "where downloads and compiled components are kept (default: GYRE_CACHE_DIR, or the " +
        "platform's cache directory)",
    )
    .option(
      "--allow-transient-write",
      "let guests write to the copies of their files, which are thrown away in the end",
    )
    .addOption(
      new Option("--format <format>", "print lines for people, or a JSON object per line")
        .choices(["plain", "json"]).default("plain"),
    );
}

/**
 * Reads the options that say how components are prepared.
 *
 * @param options What the command line says.
 * @returns The options for an execution context.
 * @throws {LoadError} `ERR_NO_CACHE_DIR` if neither the command line nor the environment names one.
 */
export function prepareOptions(options: CommonOptions): PrepareOptions {
  const { cacheDir, env = {}, variable = {}, allowTransientWrite = false } = options;
  const usual = () => defaultCacheDir({ env: (name) => Deno.env.get(name), os: Deno.build.os });
  return {
    cacheDir: resolve(cacheDir ?? usual()),
    environment: env,
    variables: variable,
    allowTransientWrite,
  };
}

/**
 * Reads a duration given on the command line.
 *
 * @param text Such as `5s`.
 * @returns The duration in ms.
 * @throws {InvalidArgumentError} If it is none.
 */
export function durationOption(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new InvalidArgumentError('Expected a duration such as "500ms", "5s" or "1m".');
  }
  return milliseconds;
}

function addPair(
  text: string,
  pairs: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Expected NAME=VALUE.");
  return { ...pairs, [text.slice(0, equals)]: text.slice(equals + 1) };
}
