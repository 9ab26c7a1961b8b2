/**
 * Whether a component can be called by the trigger that names it.
 *
 * @module
 */

import { formatSignature, type World } from "../compile/world.ts";
import type { PreparedComponent } from "../context/prepared_component.ts";
import { PrepareError } from "../errors.ts";
import { commandTrigger } from "../triggers/command/command_trigger.ts";
import type { EntryPoint, Trigger } from "../triggers/trigger.ts";

/**
 * Finds the function of a component that a trigger calls.
 *
 * @param component The component.
 * @param trigger The trigger type.
 * @returns The entry point.
 * @throws {PrepareError} `ERR_NO_ENTRY_POINT`, naming what is exported and what was expected.
 */
export function assertEntryPoint(
  component: PreparedComponent,
  trigger: Trigger,
): EntryPoint {
  const found = trigger.findEntryPoint(component.world);
  if (found !== undefined) return found;
  throw new PrepareError(
    "ERR_NO_ENTRY_POINT",
    `Component "${component.component.id}" exports nothing that a ${trigger.schema.type} trigger ` +
      `can call; it exports ${formatExports(component.world)}`,
    { hint: hintFor(component, trigger) },
  );
}

function hintFor({ component, world }: PreparedComponent, { expected }: Trigger): string {
  const fix = `Export ${expected.join("; or ")}`;
  if (commandTrigger.findEntryPoint(world) === undefined) return fix;
  const { source } = component;
  const file = source.kind === "path" ? source.path : "FILE";
  return `It is a command: run it with "gyre run ${file}", or once when the application starts, ` +
    `by [[trigger.command]] with component = "${component.id}". ${fix}`;
}

function formatExports({ exports }: World): string {
  if (exports.length === 0) return "nothing";
  return exports.map((item) =>
    item.kind === "interface" ? item.name : `${item.name}: ${formatSignature(item.signature)}`
  ).join(", ");
}
