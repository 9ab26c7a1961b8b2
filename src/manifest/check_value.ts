/**
 * Validates one part of a manifest against its schema.
 *
 * @module
 */

import type { z, ZodType } from "zod";
import type { Findings } from "./finding.ts";
import { findingsFromZod, type Validated } from "./findings_from_zod.ts";

/**
 * Validates a value and keeps what is wrong with it.
 *
 * @param part The value, its schema and its path.
 * @param findings Where problems are added.
 * @returns What the schema made of the value; `undefined` if it is not valid.
 */
export function checkValue<Schema extends ZodType>(
  part: Validated & { readonly schema: Schema },
  findings: Findings,
): z.output<Schema> | undefined {
  const result = part.schema.safeParse(part.value);
  if (result.success) return result.data;
  findings.errors.push(...findingsFromZod(result.error.issues, part));
  return undefined;
}

/**
 * Validates what is left of an invalid table without its faulty keys, so that later checks can
 * still find what is wrong with the others. The problems themselves are already known.
 *
 * @param schema The table's schema.
 * @param value The table.
 * @returns What the schema made of the rest; `undefined` if that is not valid either.
 */
export function salvageTable<Schema extends ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | undefined {
  const issues = schema.safeParse(value).error?.issues ?? [];
  const faulty = new Set(
    issues.flatMap((issue): PropertyKey[] =>
      issue.code === "unrecognized_keys" && issue.path.length === 0
        ? issue.keys
        : issue.path.slice(0, 1)
    ),
  );
  if (!isTable(value) || faulty.size === 0) return undefined;
  const rest = Object.entries(value).filter(([key]) => !faulty.has(key));
  return schema.safeParse(Object.fromEntries(rest)).data;
}

/** A table, as TOML or a program gives it. */
export type Table = Readonly<Record<string, unknown>>;

/**
 * Says whether a value is a table.
 *
 * @param value The value.
 * @returns Whether it is a table, and not an array or a date.
 */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !(value instanceof Date);
}
