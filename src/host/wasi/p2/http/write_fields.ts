import type { Field } from "./fields.ts";

/**
 * Writes field lines.
 *
 * @param fields Names and values that were checked.
 * @returns The parts of the lines, in order.
 */
export function writeFields(fields: readonly Field[]): (string | Uint8Array)[] {
  return fields.flatMap(([name, value]) => [`${name}: `, value, "\r\n"]);
}
