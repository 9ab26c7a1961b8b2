/**
 * Turns what zod finds into findings that speak the manifest's language.
 *
 * @module
 */

import type { z, ZodType } from "zod";
import { capitalize, describeTable, describeType, describeValue, joinWords } from "./describe.ts";
import { MANIFEST_CODES, type ManifestCode } from "./error_codes.ts";
import type { Finding, KeyPath } from "./finding.ts";
import { nearest } from "./nearest.ts";
import { schemaNode } from "./schema_node.ts";

/** What was validated. */
export interface Validated {
  /** The schema. */
  readonly schema: ZodType;
  /** The value. */
  readonly value: unknown;
  /** The keys that lead to the value. */
  readonly path: KeyPath;
  /** Keys that the value's table may have besides those of the schema. Default none. */
  readonly otherKeys?: readonly string[];
}

type Issue = z.core.$ZodIssue;

/** The types as zod calls them, for schemas without a description. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "a table",
  record: "a table",
};

/**
 * Turns zod's issues into findings.
 *
 * @param issues Zod's issues.
 * @param validated What was validated.
 * @returns The findings.
 */
export function findingsFromZod(
  issues: readonly Issue[],
  validated: Validated,
): Finding[] {
  const findings = issues.flatMap((issue) => convert(issue, validated));
  const misspelt = findings.filter(isMisspelling);
  return findings.filter((finding) => !misspelt.some((key) => isConsequence(finding, key)));
}

function isMisspelling(finding: Finding): boolean {
  return finding.code === "ERR_UNKNOWN_KEY" && finding.hint !== undefined;
}

/** A misspelt key is also missing from its table, which need not be said as well. */
function isConsequence(finding: Finding, misspelt: Finding): boolean {
  const table = misspelt.path.slice(0, -1);
  const isMissing = finding.code === "ERR_MISSING_KEY" &&
    misspelt.hint === suggestion(String(finding.path.at(-1))) &&
    isSamePath(finding.path.slice(0, -1), table);
  // A rule about the whole table, such as "exactly one of two keys".
  const isAboutTable =
    (finding.code === "ERR_INVALID_VALUE" || finding.code === "ERR_MISSING_KEY") &&
    isSamePath(finding.path, table);
  return isMissing || isAboutTable;
}

function isSamePath(a: KeyPath, b: KeyPath): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

function suggestion(name: string): string {
  return `Did you mean "${name}"?`;
}

function convert(issue: Issue, validated: Validated): Finding[] {
  const inner = issue.path.map((key) => typeof key === "symbol" ? String(key) : key);
  const path = [...validated.path, ...inner];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, { inner, validated }));
    case "invalid_union":
      return convertUnion(issue, { inner, validated });
    case "invalid_key":
      return within(issue.issues, inner)
        .flatMap((found) => convert(found, validated))
        .map((finding) => ({ ...finding, at: "key" }));
    case "invalid_type":
      return [typeFinding(issue.expected, { inner, validated })];
    case "invalid_value":
      return [choiceFinding(issue.values.map(String), { inner, validated })];
    case "custom":
      return [{
        code: "ERR_INVALID_VALUE",
        message: capitalize(issue.message),
        path,
        ...knownParams(issue.params ?? {}),
      }];
    default:
      return [{
        code: "ERR_INVALID_VALUE",
        message: capitalize(
          `${describeValue(path)} cannot be ${JSON.stringify(valueAt(validated.value, inner))}`,
        ),
        path,
        expected: rangeText(issue),
      }];
  }
}

function rangeText(issue: Issue): string {
  if (issue.code === "too_small" && isNumeric(issue.origin)) {
    const relation = issue.inclusive ? "of at least" : "greater than";
    return `a number ${relation} ${issue.minimum}`;
  }
  if (issue.code === "too_big" && isNumeric(issue.origin)) {
    const relation = issue.inclusive ? "of at most" : "less than";
    return `a number ${relation} ${issue.maximum}`;
  }
  // Zod's texts read "Too small: expected string to have >=1 characters".
  return issue.message.replace(/^[^:]*: (?:expected )?/, "");
}

function isNumeric(origin: string): boolean {
  return origin === "number" || origin === "int";
}

interface Place {
  readonly inner: KeyPath;
  readonly validated: Validated;
}

function convertUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  place: Place,
): Finding[] {
  const [best, ...others] = issue.errors
    .filter((issues) => !issues.some(isWrongType))
    .sort((a, b) => a.length - b.length);
  // The alternative with the fewest problems is the one that was meant.
  if (best !== undefined && best.length !== others[0]?.length) {
    return within(best, place.inner)
      .flatMap((found) => convert(found, place.validated));
  }
  return [typeFinding("", place)];
}

function isWrongType(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function within(issues: readonly Issue[], path: KeyPath): Issue[] {
  return issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

function unknownKey(key: string, place: Place): Finding {
  const { inner, validated } = place;
  const path = [...validated.path, ...inner];
  const keys = schemaNode(validated.schema, inner).keys;
  const known = inner.length === 0 ? [...validated.otherKeys ?? [], ...keys] : keys;
  const meant = nearest(key, known);
  return {
    code: "ERR_UNKNOWN_KEY",
    message: `Unknown key "${key}" in ${describeTable(path)}`,
    path: [...path, key],
    at: "key",
    ...(known.length > 0 && { expected: joinWords(known) }),
    ...(meant !== undefined && { hint: suggestion(meant) }),
  };
}

function typeFinding(expectedType: string, place: Place): Finding {
  const { inner, validated } = place;
  const path = [...validated.path, ...inner];
  const value = valueAt(validated.value, inner);
  const { description } = schemaNode(validated.schema, inner);
  const expected = description ?? TYPE_WORDS[expectedType] ?? expectedType;
  if (value === undefined) {
    const table = describeTable(path.slice(0, -1));
    return {
      code: "ERR_MISSING_KEY",
      message: `Missing key "${path.at(-1)}" in ${table}`,
      path,
      expected,
    };
  }
  const hint = typeHint(value, { expectedType, description: description ?? "" });
  return {
    code: "ERR_WRONG_TYPE",
    message: capitalize(`${describeValue(path)} is ${describeType(value)}`),
    path,
    expected,
    ...(hint !== undefined && { hint }),
  };
}

/** Goes by descriptions, because a bare "string" may have a grammar that quotes do not satisfy. */
function typeHint(
  value: unknown,
  wanted: { readonly expectedType: string; readonly description: string },
): string | undefined {
  const { expectedType, description } = wanted;
  if (typeof value !== "string") {
    const isBare = typeof value === "number" || typeof value === "boolean";
    return isBare && description.startsWith("a string")
      ? `Put the value in quotes: "${value}"`
      : undefined;
  }
  if (description.startsWith("an array of")) {
    return `Put the value in brackets: [${JSON.stringify(value)}]`;
  }
  const isNumber = expectedType === "number" && value !== "" &&
    Number.isFinite(Number(value));
  const isBoolean = expectedType === "boolean" &&
    (value === "true" || value === "false");
  return isNumber || isBoolean ? `Write the value without quotes: ${value}` : undefined;
}

function choiceFinding(choices: readonly string[], place: Place): Finding {
  const value = valueAt(place.validated.value, place.inner);
  const path = [...place.validated.path, ...place.inner];
  const meant = nearest(String(value), choices);
  return {
    code: "ERR_INVALID_VALUE",
    message: capitalize(`${describeValue(path)} is ${JSON.stringify(value)}`),
    path,
    expected: joinWords(choices.map((choice) => JSON.stringify(choice))),
    ...(meant !== undefined && { hint: suggestion(meant) }),
  };
}

/** Takes what a schema may say about its problem; trigger types bring schemas of their own. */
function knownParams(
  params: Readonly<Record<string, unknown>>,
): Partial<Pick<Finding, "code" | "expected" | "hint">> {
  const { code, expected, hint } = params;
  return {
    ...(isManifestCode(code) && { code }),
    ...(typeof expected === "string" && { expected }),
    ...(typeof hint === "string" && { hint }),
  };
}

function isManifestCode(value: unknown): value is ManifestCode {
  return typeof value === "string" && Object.hasOwn(MANIFEST_CODES, value);
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
