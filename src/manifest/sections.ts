/**
 * The top level of a manifest.
 *
 * @module
 */

import { z } from "zod";
import { checkValue, isTable, type Table } from "./check_value.ts";
import type { Finding, Findings, KeyPath } from "./finding.ts";
import { applicationSchema } from "./schema.ts";

/** The top-level tables of a manifest; a map that is absent or no table is empty. */
export interface Sections {
  /** `[application]`; `undefined` if it is absent or no table. */
  readonly application: Table | undefined;
  /** `[variables]`, by name. */
  readonly variables: Table;
  /** `[[trigger.<type>]]`, by type. */
  readonly trigger: Table;
  /** `[component.<id>]`, by id. */
  readonly component: Table;
}

const tableOf = (description: string) => z.record(z.string(), z.unknown()).describe(description);

const rootSchema = z.strictObject({
  spin_manifest_version: z.unknown().optional(),
  application: tableOf("a table [application] with at least a name"),
  variables: tableOf("a table [variables]").optional(),
  trigger: tableOf("tables written [[trigger.<type>]]").optional(),
  component: tableOf("tables written [component.<id>]").optional(),
});

/**
 * Checks the keys of the top level.
 *
 * @param manifest The top-level table.
 * @param findings Where problems are added.
 * @returns The sections.
 */
export function checkSections(manifest: Table, findings: Findings): Sections {
  const found: Findings = { errors: [], warnings: [] };
  checkValue({ schema: rootSchema, value: manifest, path: [] }, found);
  findings.errors.push(...found.errors.map(withVersion1Hint));
  rejectPrototypeKeys(manifest, [], findings);
  return {
    application: tableOrNone(manifest["application"]),
    variables: tableOrNone(manifest["variables"]) ?? {},
    trigger: tableOrNone(manifest["trigger"]) ?? {},
    component: tableOrNone(manifest["component"]) ?? {},
  };
}

/** Helps those who mix up the two versions: version 1 has no `[application]`, but `[[component]]`. */
function withVersion1Hint(finding: Finding): Finding {
  const key = String(finding.path[0]);
  if (finding.code === "ERR_WRONG_TYPE" && key === "component") {
    return {
      ...finding,
      hint:
        'Give each component a table [component.<id>]; only manifests with spin_manifest_version = "1" have [[component]]',
    };
  }
  const isMisplaced = finding.code === "ERR_UNKNOWN_KEY" &&
    Object.hasOwn(applicationSchema.shape, key);
  return isMisplaced ? { ...finding, hint: `Move "${key}" into [application]` } : finding;
}

function tableOrNone(value: unknown): Table | undefined {
  return isTable(value) ? value : undefined;
}

/** Zod drops a key of this name from a table of free keys without a word. */
function rejectPrototypeKeys(
  value: unknown,
  path: KeyPath,
  findings: Findings,
): void {
  if (Array.isArray(value)) {
    value.forEach((entry: unknown, index) =>
      rejectPrototypeKeys(entry, [...path, index], findings)
    );
  } else if (isTable(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const inner = [...path, key];
      rejectPrototypeKeys(entry, inner, findings);
      if (key !== "__proto__") continue;
      findings.errors.push({
        code: "ERR_INVALID_ID",
        message: 'No key can have the name "__proto__"',
        path: inner,
        at: "key",
      });
    }
  }
}
