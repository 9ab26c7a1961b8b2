/**
 * Names for the parts of a manifest, as its author knows them.
 *
 * @module
 */

import type { KeyPath } from "./finding.ts";

const BARE_KEY_REGEXP = /^[A-Za-z0-9_-]+$/;

/**
 * Names a table by its header.
 *
 * @param path The keys that lead to the table.
 * @returns A name such as `[component.hello]` or `[[trigger.timer]]`.
 */
export function describeTable(path: KeyPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the manifest";
  if (typeof last === "string") return `[${header(path)}]`;
  const isHeader = path[0] === "trigger" || path.length === 2;
  return isHeader && path.length <= 3 ? `[[${header(path)}]]` : entryOf(path);
}

/**
 * Names a value by its key and its table.
 *
 * @param path The keys that lead to the value.
 * @returns A name such as `"source" in [component.hello]`.
 */
export function describeValue(path: KeyPath): string {
  const last = path.at(-1);
  if (typeof last === "number") return describeTable(path);
  return path.length === 1 ? `"${last}"` : `"${last}" in ${describeTable(path.slice(0, -1))}`;
}

/**
 * Names the type of a value.
 *
 * @param value The value.
 * @returns A name such as `a string`.
 */
export function describeType(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  switch (typeof value) {
    case "string":
      return "a string";
    case "number":
    case "bigint":
      return "a number";
    case "boolean":
      return "a boolean";
    default:
      return "a table";
  }
}

/**
 * Joins words for a sentence.
 *
 * @param words The words.
 * @param conjunction The word before the last one.
 * @returns `a`, `a or b`, or `a, b or c`.
 */
export function joinWords(
  words: readonly string[],
  conjunction: "or" | "and" = "or",
): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/**
 * Starts a sentence.
 *
 * @param text The text.
 * @returns The text with a capital first letter.
 */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function entryOf(path: KeyPath): string {
  return `an entry of ${describeValue(path.slice(0, -1))}`;
}

function header(path: KeyPath): string {
  return path
    .filter((key) => typeof key === "string")
    .map((key) => BARE_KEY_REGEXP.test(key) ? key : JSON.stringify(key))
    .join(".");
}
