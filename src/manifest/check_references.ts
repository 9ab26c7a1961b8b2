/**
 * Checks what the triggers say about each other and about components. Looks at the tables as they
 * were written, so that a trigger with another problem is checked as well.
 *
 * @module
 */

import { isTable, type Table } from "./check_value.ts";
import { describeTable, joinWords } from "./describe.ts";
import type { Findings, KeyPath } from "./finding.ts";
import { nearest } from "./nearest.ts";

/** How many components a message lists. */
const LISTED_COMPONENTS = 10;

/**
 * Checks that every component that a trigger names exists, and that no two triggers share an id.
 *
 * @param triggers The `trigger` table, by type.
 * @param componentIds The ids of the declared components.
 * @param findings Where problems are added.
 */
export function checkReferences(
  triggers: Table,
  componentIds: ReadonlySet<string>,
  findings: Findings,
): void {
  const pathById = new Map<string, KeyPath>();
  for (const [type, entries] of Object.entries(triggers)) {
    if (!Array.isArray(entries)) continue;
    entries.forEach((entry: unknown, index) => {
      if (!isTable(entry)) return;
      const path = ["trigger", type, index];
      for (const reference of references(entry, path)) {
        checkReference(reference, componentIds, findings);
      }
      const { id } = entry;
      if (typeof id !== "string" || id === "") return;
      const first = pathById.get(id);
      if (first === undefined) pathById.set(id, path);
      else reportDuplicate(id, { path, first }, findings);
    });
  }
}

interface Reference {
  readonly id: string;
  readonly path: KeyPath;
}

function references(entry: Table, path: KeyPath): Reference[] {
  const found: Reference[] = [];
  const visit = (value: unknown, inner: KeyPath): void => {
    if (typeof value === "string") found.push({ id: value, path: inner });
    if (!Array.isArray(value)) return;
    value.forEach((item: unknown, index) => visit(item, [...inner, index]));
  };
  visit(entry["component"], [...path, "component"]);
  const roles = entry["components"];
  if (isTable(roles)) {
    for (const [role, value] of Object.entries(roles)) {
      visit(value, [...path, "components", role]);
    }
  }
  return found;
}

function checkReference(
  reference: Reference,
  componentIds: ReadonlySet<string>,
  findings: Findings,
): void {
  const { id, path } = reference;
  if (componentIds.has(id)) return;
  const meant = nearest(id, componentIds);
  const listed = [...componentIds].slice(0, LISTED_COMPONENTS)
    .map((known) => `"${known}"`);
  findings.errors.push({
    code: "ERR_UNKNOWN_COMPONENT",
    message: `No component "${id}" is in the manifest`,
    path,
    ...(listed.length > 0 && { expected: joinWords(listed) }),
    hint: meant === undefined ? `Add a table [component.${id}]` : `Did you mean "${meant}"?`,
  });
}

function reportDuplicate(
  id: string,
  places: { readonly path: KeyPath; readonly first: KeyPath },
  findings: Findings,
): void {
  findings.errors.push({
    code: "ERR_DUPLICATE_ID",
    message: `Two triggers have the id "${id}"`,
    path: [...places.path, "id"],
    hint: places.path[1] === places.first[1]
      ? "Give one of them another id, or leave the id out"
      : `The other one is a ${describeTable(places.first)}`,
  });
}
