/**
 * Validates a manifest as data, wherever it came from, and turns it into the application model.
 *
 * @module
 */

import type { Application, TriggerConfig } from "../app/application.ts";
import type { TriggerSchema } from "../app/trigger_schema.ts";
import { checkApplication } from "./check_application.ts";
import { checkComponent, type PlacedComponent } from "./check_component.ts";
import { checkReferences } from "./check_references.ts";
import { type CheckedTrigger, checkTriggers } from "./check_triggers.ts";
import { checkValue, isTable, salvageTable, type Table } from "./check_value.ts";
import { checkVariables } from "./check_variables.ts";
import { deepFreeze } from "./deep_freeze.ts";
import type { Findings } from "./finding.ts";
import { idFinding } from "./problem.ts";
import { componentSchema } from "./schema.ts";
import { checkSections } from "./sections.ts";
import type { SourceProbe } from "./source_probe.ts";
import { inlineComponentId, triggerIds } from "./trigger_ids.ts";

/** Options of {@linkcode validateManifest}. */
export interface ValidateManifestOptions {
  /** Where the manifest came from, as the user named it: a path or a URL. */
  readonly origin: string;
  /** The absolute directory that relative paths start from. */
  readonly baseDir: string;
  /** The trigger types that the manifest may use. */
  readonly triggerTypes: readonly TriggerSchema[];
  /** Looks at the files that the manifest names. */
  readonly probe: SourceProbe;
}

/**
 * Validates a version 2 manifest.
 *
 * @param manifest The top-level table.
 * @param options What the manifest is measured against.
 * @param findings Where problems are added, of all tables and all phases.
 * @returns The application, deeply frozen. Only of use if no error was added.
 */
export async function validateManifest(
  manifest: Table,
  options: ValidateManifestOptions,
  findings: Findings,
): Promise<Application> {
  const sections = checkSections(manifest, findings);
  const declaredIds = new Set(Object.keys(sections.component));
  const { header, limits } = checkApplication(sections, options.triggerTypes, findings);
  const variables = checkVariables(sections.variables, findings);
  const declared = checkComponentTables(sections.component, findings);
  // Where the components cannot be read at all, every reference would be a consequence.
  if (isTable(manifest["component"] ?? {})) {
    checkReferences(sections.trigger, declaredIds, findings);
  }
  const { triggers, inline } = nameTriggers(
    checkTriggers(sections.trigger, options.triggerTypes, findings),
    declaredIds,
  );
  const scope = {
    names: new Set(Object.keys(sections.variables)),
    variables,
    componentIds: [...declaredIds, ...inline.map(({ id }) => id)],
  };
  const { baseDir, origin, probe } = options;
  const components = await Promise.all(
    [...declared, ...inline].map((placed) =>
      checkComponent(placed, { baseDir, probe, scope, limits, findings })
    ),
  );
  return deepFreeze<Application>({
    ...header,
    origin,
    baseDir,
    variables,
    components,
    triggers,
  });
}

function checkComponentTables(
  tables: Table,
  findings: Findings,
): PlacedComponent[] {
  return Object.entries(tables).flatMap(([id, value]) => {
    const path = ["component", id];
    const problem = idFinding(id, { what: "Component id", grammar: "kebab" });
    if (problem !== undefined) {
      findings.errors.push({ ...problem, path, at: "key" });
    }
    const table = checkValue({ schema: componentSchema, value, path }, findings) ??
      salvageTable(componentSchema, value);
    return table === undefined ? [] : [{ id, path, table }];
  });
}

/** Gives the triggers their ids, and takes the inline components out of them. */
function nameTriggers(
  checked: readonly CheckedTrigger[],
  declaredIds: ReadonlySet<string>,
): { triggers: TriggerConfig[]; inline: PlacedComponent[] } {
  const taken = new Set(declaredIds);
  const inline: PlacedComponent[] = [];
  const ids = triggerIds(
    checked.map(({ type, table: { id, component } }) =>
      typeof component === "string" ? { type, id, component } : { type, id }
    ),
  );
  const triggers = checked.map((trigger, index): TriggerConfig => {
    const { type, config, path, table } = trigger;
    const id = ids[index] ?? type;
    if (typeof table.component === "string") {
      return { id, type, component: table.component, config };
    }
    const component = inlineComponentId(id, taken);
    inline.push({
      id: component,
      path: [...path, "component"],
      table: table.component,
    });
    return { id, type, component, config };
  });
  return { triggers, inline };
}
