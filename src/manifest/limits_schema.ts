/**
 * The limits of a component, and of all components of an application.
 *
 * @module
 */

import { z } from "zod";
import type { Limits } from "../app/application.ts";
import { DEFAULT_LIMITS } from "../app/limits.ts";
import { parseDuration } from "../duration.ts";
import { parseSize } from "../size.ts";
import { addProblem } from "./problem.ts";

/** One page of linear memory, in bytes: no guest does with less. */
const MINIMUM_MEMORY = 65_536;
/** The most linear memory, in bytes, that 32 bits can address. */
const MAXIMUM_MEMORY = 4_294_967_296;
/** The longest delay (ms) that the platform's timers take. */
const MAXIMUM_TIMEOUT = 2_147_483_647;

const TIMEOUT_EXPECTED = 'a time from 1 ms to 24 days, such as "10s", or "none"';
const MEMORY_EXPECTED = 'a size from "64KiB" to "4GiB", such as "64MiB"';

const timeout = z.string().transform((text, context) => {
  if (text === "none") return "none" as const;
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds >= 1 && milliseconds <= MAXIMUM_TIMEOUT) {
    return milliseconds;
  }
  addProblem(context, {
    code: "ERR_INVALID_VALUE",
    message: `"${text}" is no timeout`,
    expected: TIMEOUT_EXPECTED,
  });
  return z.NEVER;
}).describe(TIMEOUT_EXPECTED);

const memory = z.string().transform((text, context) => {
  const bytes = parseSize(text);
  if (bytes !== undefined && bytes >= MINIMUM_MEMORY && bytes <= MAXIMUM_MEMORY) return bytes;
  addProblem(context, {
    code: "ERR_INVALID_VALUE",
    message: `"${text}" is no limit of memory`,
    expected: MEMORY_EXPECTED,
  });
  return z.NEVER;
}).describe(MEMORY_EXPECTED);

/** The schema of `[component.<id>.limits]` and `[application.limits]`. */
export const limitsSchema = z.strictObject({
  timeout: timeout.optional(),
  memory: memory.optional(),
  max_concurrency: z.int().min(1).max(10_000).optional()
    .describe("a whole number from 1 to 10,000"),
  queue: z.int().min(0).max(1_000_000).optional()
    .describe("a whole number from 0 to 1,000,000"),
}).describe('a table, such as { timeout = "10s", memory = "64MiB" }');

/** A table of limits, after its schema. */
export type LimitsTable = z.infer<typeof limitsSchema>;

/**
 * Lays tables of limits over the defaults.
 *
 * @param tables The tables, from the strongest to the weakest.
 * @returns The limits.
 */
export function toLimits(...tables: readonly (LimitsTable | undefined)[]): Limits {
  const first = <K extends keyof LimitsTable>(key: K): LimitsTable[K] =>
    tables.find((table) => table?.[key] !== undefined)?.[key];
  const timeout = first("timeout") ?? DEFAULT_LIMITS.timeout;
  return {
    ...(typeof timeout === "number" && { timeout }),
    memory: first("memory") ?? DEFAULT_LIMITS.memory,
    maxConcurrency: first("max_concurrency") ?? DEFAULT_LIMITS.maxConcurrency,
    queue: first("queue") ?? DEFAULT_LIMITS.queue,
  };
}
