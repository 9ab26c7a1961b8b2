/**
 * Templates such as `"https://{{ host }}/"`: text with the names of variables in it. There are no
 * filters and no escapes.
 *
 * @module
 */

import { idProblem } from "../app/ids.ts";
import { GyreError } from "../errors.ts";

/** A piece of a template. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string };

const OPEN = "{{";
const CLOSE = "}}";

/**
 * Takes a template apart.
 *
 * @param template The template's text.
 * @returns Its parts in order; empty for an empty template.
 * @throws {GyreError} `ERR_TEMPLATE` for a `{{` without `}}`, or a name that no variable can have.
 */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let position = 0;
  while (position < template.length) {
    const open = template.indexOf(OPEN, position);
    const end = open === -1 ? template.length : open;
    if (end > position) {
      parts.push({ kind: "text", text: template.slice(position, end) });
    }
    if (open === -1) break;
    const close = template.indexOf(CLOSE, open);
    if (close === -1) {
      throw new GyreError(
        "ERR_TEMPLATE",
        `Template "${template}" has "{{" without "}}"`,
        { hint: "Write {{ name }}, where name is an application variable" },
      );
    }
    const name = template.slice(open + OPEN.length, close).trim();
    checkName(name, template);
    parts.push({ kind: "variable", name });
    position = close + CLOSE.length;
  }
  return parts;
}

/**
 * Puts values into a template.
 *
 * @param parts The template's parts.
 * @param values Values by variable name; only own properties count.
 * @returns The text.
 * @throws {GyreError} `ERR_TEMPLATE` if a variable has no value.
 */
export function expandTemplate(
  parts: readonly TemplatePart[],
  values: Readonly<Record<string, string>>,
): string {
  return parts.map((part) => {
    if (part.kind === "text") return part.text;
    const value = Object.hasOwn(values, part.name) ? values[part.name] : undefined;
    if (value === undefined) {
      throw new GyreError(
        "ERR_TEMPLATE",
        `Variable "${part.name}" has no value`,
      );
    }
    return value;
  }).join("");
}

function checkName(name: string, template: string): void {
  const problem = idProblem(name, "snake");
  if (problem === undefined) return;
  throw new GyreError(
    "ERR_TEMPLATE",
    `Template "${template}" is not valid: the variable name "${name}" ${problem}`,
    { hint: "Write {{ name }}, where name is an application variable" },
  );
}
