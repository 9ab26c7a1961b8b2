/**
 * Checks the `[[trigger.<type>]]` tables, each with the schema of its type.
 *
 * @module
 */

import type { TriggerSchema } from "../app/trigger_schema.ts";
import { checkConfig } from "./check_config.ts";
import { checkValue, isTable, type Table } from "./check_value.ts";
import { describeTable, describeType, joinWords } from "./describe.ts";
import type { Finding, Findings, KeyPath } from "./finding.ts";
import { nearest } from "./nearest.ts";
import { triggerSchema, type TriggerTable } from "./schema.ts";

/** One trigger, valid as far as its own table goes. */
export interface CheckedTrigger {
  /** The trigger's type. */
  readonly type: string;
  /** The keys that lead to the trigger. */
  readonly path: KeyPath;
  /** The keys that every trigger has. */
  readonly table: TriggerTable;
  /** What the type's schema made of the other keys. */
  readonly config: unknown;
}

const COMMON_KEYS = Object.keys(triggerSchema.shape);
/** The common keys that most triggers have, for lists in messages. */
const USUAL_KEYS = ["component", "id"];
const KEYS_WITHOUT_EFFECT = ["components", "dependencies"];

/**
 * Checks all triggers.
 *
 * @param table The table, by trigger type.
 * @param types The trigger types that are known.
 * @param findings Where problems are added.
 * @returns The triggers that are valid, in the manifest's order.
 */
export function checkTriggers(
  table: Table,
  types: readonly TriggerSchema[],
  findings: Findings,
): CheckedTrigger[] {
  return Object.entries(table).flatMap(([type, entries]) => {
    const path = ["trigger", type];
    const schema = types.find((known) => known.type === type);
    if (schema === undefined) {
      findings.errors.push(unknownTriggerType(type, { path, types }));
    }
    if (!Array.isArray(entries)) {
      findings.errors.push({
        code: "ERR_WRONG_TYPE",
        message: `"trigger.${type}" is ${describeType(entries)}`,
        path,
        expected: "an array of tables, because a type may have many triggers",
        hint: `Write [[trigger.${type}]] with two brackets on each side`,
      });
      return [];
    }
    return entries.flatMap((entry: unknown, index) =>
      checkTrigger({ entry, type, path: [...path, index], schema }, findings) ??
        []
    );
  });
}

/**
 * Makes the finding for a trigger type that is not known.
 *
 * @param type The type's name.
 * @param context Where the name stands, and the types that are known.
 * @returns The finding.
 */
export function unknownTriggerType(
  type: string,
  context: { readonly path: KeyPath; readonly types: readonly TriggerSchema[] },
): Finding {
  const names = context.types.map((known) => known.type);
  const meant = nearest(type, names);
  return {
    code: "ERR_UNKNOWN_TRIGGER_TYPE",
    message: `Unknown trigger type "${type}"`,
    path: context.path,
    at: "key",
    expected: joinWords(names),
    ...(meant !== undefined && { hint: `Did you mean "${meant}"?` }),
  };
}

function checkTrigger(
  trigger: {
    readonly entry: unknown;
    readonly type: string;
    readonly path: KeyPath;
    readonly schema: TriggerSchema | undefined;
  },
  findings: Findings,
): CheckedTrigger | undefined {
  const { entry, type, path, schema } = trigger;
  if (!isTable(entry)) {
    checkValue({ schema: triggerSchema, value: entry, path }, findings);
    return undefined;
  }
  const common: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    (COMMON_KEYS.includes(key) ? common : own)[key] = value;
  }
  const table = checkValue(
    { schema: triggerSchema, value: common, path },
    findings,
  );
  const before = findings.errors.length;
  const config = schema && checkConfig(
    { schema: schema.config, value: own, path, otherKeys: USUAL_KEYS },
    findings,
  );
  warnWithoutEffect(common, path, findings);
  const failed = findings.errors.length > before;
  return table === undefined || failed ? undefined : { type, path, table, config };
}

function warnWithoutEffect(
  common: Table,
  path: KeyPath,
  findings: Findings,
): void {
  for (const key of KEYS_WITHOUT_EFFECT) {
    if (common[key] === undefined) continue;
    findings.warnings.push({
      code: "WARN_NO_EFFECT",
      message: `"${key}" in ${describeTable(path)} has no effect yet`,
      path: [...path, key],
      at: "key",
    });
  }
}
