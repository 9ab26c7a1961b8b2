/**
 * Options that several commands share, and how their values are read.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { resolve } from "node:path";
import type { ExecutionContextOptions } from "../context/execution_context.ts";
import { parseDuration } from "../duration.ts";
import { parseSize } from "../size.ts";
import { defaultCacheDir } from "../loader/cache_dir.ts";
import type { OutputFormat } from "./logging.ts";

/** One page of linear memory, in bytes. */
const MINIMUM_MEMORY = 65_536;
/** The most linear memory, in bytes, that 32 bits can address. */
const MAXIMUM_MEMORY = 4_294_967_296;

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
    .option("-e, --env <K=V>", "set an environment variable of every component", pairOption)
    .option("--variable <K=V>", "give an application variable its value", pairOption)
    .option(
      "--cache-dir <dir>",
      "where downloads and compiled components are kept (default: GYRE_CACHE_DIR, or the " +
        "platform's cache directory)",
    )
    .option(
      "--allow-transient-write",
      "let guests write to the copies of their files, which are thrown away in the end",
    )
    .addOption(formatOption());
}

/**
 * Makes the option that says how to print.
 *
 * @returns The option.
 */
export function formatOption(): Option {
  return new Option("--format <format>", "print lines for people, or a JSON object per line")
    .choices(["plain", "json"]).default("plain");
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
  return {
    cacheDir: cacheDirectory(cacheDir),
    environment: env,
    variables: variable,
    allowTransientWrite,
  };
}

/**
 * Says where downloads and compiled components are kept.
 *
 * @param given The directory that the command line names, if it does.
 * @returns An absolute directory.
 * @throws {LoadError} `ERR_NO_CACHE_DIR` if neither the command line nor the environment names one.
 */
export function cacheDirectory(given: string | undefined): string {
  const usual = () => defaultCacheDir({ env: (name) => Deno.env.get(name), os: Deno.build.os });
  return resolve(given ?? usual());
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

/**
 * Reads a size of memory given on the command line.
 *
 * @param text Such as `64MiB`.
 * @returns The size in bytes.
 * @throws {InvalidArgumentError} If it is none that a guest can have.
 */
export function sizeOption(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes < MINIMUM_MEMORY || bytes > MAXIMUM_MEMORY) {
    throw new InvalidArgumentError('Expected a size from "64KiB" to "4GiB", such as "64MiB".');
  }
  return bytes;
}

/**
 * Reads a pair given on the command line.
 *
 * @param text Such as `NAME=value`.
 * @param pairs Those that were given before.
 * @returns All of them.
 * @throws {InvalidArgumentError} If it is none.
 */
export function pairOption(
  text: string,
  pairs: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Expected NAME=VALUE.");
  return { ...pairs, [text.slice(0, equals)]: text.slice(equals + 1) };
}
