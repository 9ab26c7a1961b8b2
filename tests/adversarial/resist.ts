/**
 * Makes attempts and tells how they ended.
 *
 * An end is text: `nothing`, `got <value>`, `error <WASI error>`, `trap <message>`, `exit <code>`,
 * `timeout`, `denied <message>`, `refused <code>` if it was not compiled, `died <message>` if the worker had to be replaced, and
 * `SPOILS <what>` for what must never be got.
 *
 * @module
 */

import { basename } from "node:path";
import { CompileError } from "../../src/errors.ts";
import { WasiError } from "../support/test_kit/raw_guest.ts";
import { type Attempt, Spoils } from "./attempt.ts";
import { type Fortress, GuestFailed, HOST, type LooseGuest } from "./fortress.ts";
import type { Site } from "./site.ts";

/** How an attempt ended. */
export interface Ending {
  /** The attempt. */
  readonly attempt: Attempt;
  /** How it ended; see the module. */
  readonly end: string;
  /** What went wrong beside it, such as a file that was changed; empty if nothing. */
  readonly harm: string;
  /** How long it took, in ms. */
  readonly duration: number;
}

/** What attempts are made with. */
export interface Battlefield {
  /** The workers. */
  readonly fortress: Fortress;
  /** What is around them. */
  readonly site: Site;
  /** Whether the policy's grants stand, or only Deno's permissions. */
  readonly policy: boolean;
}

/** How many more files may be open after an attempt: workers and connections that are kept. */
const SPARE_FILES = 40;
const LONGEST_END = 5_000;
const DEFAULT_TIMEOUT = 2_000;
/** How long (ms) the next guest may take to answer, on a machine that has other things to do. */
const HEALTHY = 5_000;

/**
 * Makes one attempt.
 *
 * @param attempt The attempt.
 * @param field What it is made with.
 * @returns How it ended.
 */
export async function resist(attempt: Attempt, field: Battlefield): Promise<Ending> {
  const { fortress, site, policy } = field;
  const { component, timeout = DEFAULT_TIMEOUT } = attempt;
  await fortress.warmUp(component);
  const [hits, deaths, start] = [site.deniedHits(), fortress.deaths, performance.now()];
  const open = openFiles();
  const loose: LooseGuest[] = [];
  const another = async () => {
    const one = await fortress.letLoose(component, timeout);
    loose.push(one);
    return one.guest;
  };
  const at = (path: string) =>
    policy ? path : path.startsWith("/") ? HOST + path : `${basename(site.own)}/${path}`;
  let end: string;
  try {
    const guest = await another();
    end = describe(await attempt.run({ guest, site, at, anotherGuest: another }));
  } catch (error) {
    end = describeError(error);
  } finally {
    for (const one of loose) one[Symbol.dispose]();
  }
  const duration = performance.now() - start;
  const harm = [
    await site.damage(),
    site.deniedHits() === hits ? undefined : "the denied server was reached",
    await fever(fortress),
    openFiles() > open + SPARE_FILES ? `${openFiles() - open} files were left open` : undefined,
  ].filter((one) => one !== undefined);
  if (fortress.deaths !== deaths) end = `died ${end}`;
  return { attempt, end, harm: harm.join(", "), duration };
}

/** How many files the process has open; 0 where that cannot be seen. */
function openFiles(): number {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Looks whether the next guest is served. */
async function fever(fortress: Fortress): Promise<string | undefined> {
  try {
    using next = await fortress.letLoose(undefined, HEALTHY);
    await next.guest.callExport("misbehave", 0, 0);
    return undefined;
  } catch (error) {
    return `the next guest was not served: ${describeError(error)}`;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value instanceof Spoils) return `SPOILS ${value.what}`;
  return `got ${textOf(value).slice(0, LONGEST_END)}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}` : part) ??
    "undefined";
}

function describeError(error: unknown): string {
  if (error instanceof WasiError) return `error ${textOf(error.value)}`;
  if (error instanceof CompileError) return `refused ${error.code}`;
  if (!(error instanceof GuestFailed)) return `FAULT ${error}`;
  const { kind, message, exitCode } = error.failure;
  if (exitCode !== undefined) return `exit ${exitCode}`;
  return kind === "timeout" ? kind : `${kind} ${message}`;
}
