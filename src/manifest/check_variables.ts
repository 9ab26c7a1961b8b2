/**
 * Checks `[variables]`.
 *
 * @module
 */

import type { Variable } from "../app/application.ts";
import { checkValue, type Table } from "./check_value.ts";
import type { Findings } from "./finding.ts";
import { idFinding } from "./problem.ts";
import { variableSchema } from "./schema.ts";

/**
 * Checks the application's variables.
 *
 * @param table The table, by variable name.
 * @param findings Where problems are added.
 * @returns The variables that are valid.
 */
export function checkVariables(
  table: Table,
  findings: Findings,
): Record<string, Variable> {
  const variables: Record<string, Variable> = {};
  for (const [name, value] of Object.entries(table)) {
    const path = ["variables", name];
    const problem = idFinding(name, { what: "Variable name", grammar: "snake" });
    if (problem !== undefined) {
      findings.errors.push({ ...problem, path, at: "key" });
    }
    const entry = checkValue({ schema: variableSchema, value, path }, findings);
    if (entry === undefined) continue;
    const required = entry.required ?? false;
    if (required === (entry.default !== undefined)) {
      findings.errors.push({
        code: "ERR_INVALID_VARIABLE",
        message: required
          ? `Variable "${name}" is required, so it cannot have a default`
          : `Variable "${name}" is not required and has no default`,
        path,
        at: "key",
        expected: "either required = true or a default",
      });
      continue;
    }
    variables[name] = {
      description: entry.description,
      required,
      ...(entry.default !== undefined && { default: entry.default }),
      secret: entry.secret,
    };
  }
  return variables;
}
