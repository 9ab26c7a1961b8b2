/**
 * The trigger types that an application may use: those that come with Gyre, and others.
 *
 * @module
 */

import { GyreError } from "../errors.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { builtInTriggers } from "./built_in_triggers.ts";

/**
 * Puts the built-in trigger types and others together.
 *
 * @param others Trigger types made with `defineTrigger()`.
 * @returns All of them.
 * @throws {GyreError} `ERR_DUPLICATE_TRIGGER_TYPE` if two have one name.
 */
export function triggerTypes(others: readonly Trigger[] = []): readonly Trigger[] {
  const all = [...builtInTriggers, ...others];
  for (const [index, { schema: { type } }] of all.entries()) {
    if (all.findIndex(({ schema }) => schema.type === type) === index) continue;
    throw new GyreError("ERR_DUPLICATE_TRIGGER_TYPE", `There are two trigger types "${type}"`, {
      hint: `Those that come with Gyre are: ${
        builtInTriggers.map(({ schema }) => schema.type).join(", ")
      }`,
    });
  }
  return all;
}

/**
 * Finds a trigger type by its name.
 *
 * @param types The types.
 * @param type The name.
 * @returns The type.
 * @throws {GyreError} `ERR_UNKNOWN_TRIGGER_TYPE` if there is none.
 */
export function findTriggerType(types: readonly Trigger[], type: string): Trigger {
  const found = types.find(({ schema }) => schema.type === type);
  if (found !== undefined) return found;
  throw new GyreError("ERR_UNKNOWN_TRIGGER_TYPE", `There is no trigger type "${type}"`, {
    hint: "Give the types that do not come with Gyre as triggers",
  });
}
