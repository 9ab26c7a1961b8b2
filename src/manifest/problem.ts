/**
 * How a schema says what is wrong with a value, so that the report keeps the code and the fix.
 *
 * @module
 */

import type { z } from "zod";
import { type IdGrammar, idProblem, repairId } from "../app/ids.ts";
import type { Finding } from "./finding.ts";

/** A problem that a schema found; its path is known to the schema's caller. */
export type Problem = Omit<Finding, "path">;

/**
 * Reports a problem from within a schema.
 *
 * @param context The schema's context.
 * @param problem The problem.
 */
export function addProblem(
  context: z.RefinementCtx,
  problem: Problem,
): void {
  const { message, ...params } = problem;
  context.addIssue({ code: "custom", message, params });
}

/**
 * Makes the problem of a name that breaks its grammar.
 *
 * @param text The name.
 * @param kind What the name is for, such as `Component id`, and its grammar.
 * @returns The problem; `undefined` if the name is good.
 */
export function idFinding(
  text: string,
  kind: { readonly what: string; readonly grammar: IdGrammar },
): Problem | undefined {
  const problem = idProblem(text, kind.grammar);
  if (problem === undefined) return undefined;
  const repaired = repairId(text, kind.grammar);
  return {
    code: "ERR_INVALID_ID",
    message: `${kind.what} "${text}" ${problem}`,
    expected: EXPECTED[kind.grammar],
    ...(repaired !== undefined && { hint: `Did you mean "${repaired}"?` }),
  };
}

const EXPECTED = {
  kebab: 'kebab-case, such as "my-component"',
  snake: 'lower-case snake_case, such as "my_variable"',
  label: 'kebab-case or snake_case, such as "default" or "my-store"',
} as const;
