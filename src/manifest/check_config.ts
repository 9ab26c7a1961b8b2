/**
 * Validates what a trigger type says about its own keys, with whatever library its schema is made
 * with, as long as that keeps to Standard Schema (https://standardschema.dev).
 *
 * @module
 */

import type { ConfigSchema } from "../app/trigger_schema.ts";
import { ZodType } from "zod";
import { checkValue } from "./check_value.ts";
import type { Findings, KeyPath } from "./finding.ts";

/** A part of a manifest, and the schema that a trigger type has for it. */
export interface ConfigPart {
  /** The schema. One of zod says more about what is wrong. */
  readonly schema: ConfigSchema;
  /** The value. */
  readonly value: unknown;
  /** The keys that lead to the value. */
  readonly path: KeyPath;
  /** Keys that the value's table may have besides those of the schema. Default none. */
  readonly otherKeys?: readonly string[];
}

/**
 * Validates a value and keeps what is wrong with it.
 *
 * @param part The value, its schema and its path.
 * @param findings Where problems are added.
 * @returns What the schema made of the value; `undefined` if it is not valid.
 */
export function checkConfig(part: ConfigPart, findings: Findings): unknown {
  const { schema, value, path } = part;
  if (schema instanceof ZodType) return checkValue({ ...part, schema }, findings);
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    findings.errors.push({
      code: "ERR_INVALID_VALUE",
      message: `The schema of ${path.slice(0, 2).join(".")} validates asynchronously`,
      path,
      expected: "a schema that answers at once",
    });
    return undefined;
  }
  if (result.issues === undefined) return result.value;
  for (const issue of result.issues) {
    const keys = (issue.path ?? []).map((segment) =>
      typeof segment === "object" ? segment.key : segment
    );
    findings.errors.push({
      code: "ERR_INVALID_VALUE",
      message: issue.message,
      path: [...path, ...keys.map((key) => typeof key === "symbol" ? String(key) : key)],
    });
  }
  return undefined;
}
