/**
 * Checks `[application]`, and the settings of trigger types in it.
 *
 * @module
 */

import { z } from "zod";
import type { Application } from "../app/application.ts";
import type { TriggerSchema } from "../app/trigger_schema.ts";
import { unknownTriggerType } from "./check_triggers.ts";
import { checkConfig } from "./check_config.ts";
import { checkValue, isTable } from "./check_value.ts";
import type { Findings } from "./finding.ts";
import type { LimitsTable } from "./limits_schema.ts";
import { applicationSchema } from "./schema.ts";
import type { Sections } from "./sections.ts";

/** What the application model takes from `[application]`. */
export type ApplicationHeader = Pick<
  Application,
  "name" | "version" | "description" | "authors" | "triggerSettings"
>;

/** What `[application]` says. */
export interface CheckedApplication {
  /** What the model takes from the table. */
  readonly header: ApplicationHeader;
  /** The limits of all components; `undefined` if the table names none. */
  readonly limits: LimitsTable | undefined;
}

const noSettings = z.strictObject({});

/**
 * Checks the application's own table.
 *
 * @param sections The top level of the manifest.
 * @param types The trigger types that are known.
 * @param findings Where problems are added.
 * @returns What the table says; empty texts where it is not valid.
 */
export function checkApplication(
  sections: Sections,
  types: readonly TriggerSchema[],
  findings: Findings,
): CheckedApplication {
  const value = sections.application;
  const table = value && checkValue(
    { schema: applicationSchema, value, path: ["application"] },
    findings,
  );
  return {
    header: {
      name: table?.name ?? "",
      version: table?.version ?? "",
      description: table?.description ?? "",
      authors: table?.authors ?? [],
      triggerSettings: checkSettings(sections, types, findings),
    },
    limits: table?.limits,
  };
}

function checkSettings(
  sections: Sections,
  types: readonly TriggerSchema[],
  findings: Findings,
): Record<string, unknown> {
  const given = sections.application?.["trigger"];
  const tables = isTable(given) ? given : {};
  const settings: Record<string, unknown> = {};
  for (const [type, value] of Object.entries(tables)) {
    const path = ["application", "trigger", type];
    const known = types.find((candidate) => candidate.type === type);
    if (known === undefined) {
      // An unknown type that has triggers is reported there.
      if (!Object.hasOwn(sections.trigger, type)) {
        findings.errors.push(unknownTriggerType(type, { path, types }));
      }
      continue;
    }
    const schema = known.settings ?? noSettings;
    settings[type] = checkConfig({ schema, value, path }, findings);
  }
  for (const { type, settings: schema } of types) {
    const isUsed = Object.hasOwn(sections.trigger, type);
    if (!isUsed || schema === undefined || Object.hasOwn(tables, type)) {
      continue;
    }
    const path = ["application", "trigger", type];
    settings[type] = checkConfig({ schema, value: {}, path }, findings);
  }
  return settings;
}
