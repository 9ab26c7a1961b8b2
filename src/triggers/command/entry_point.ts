/**
 * The export that the command trigger calls: `run` of `wasi:cli/run`, at any version of WASI 0.2.
 *
 * @module
 */

import type { World } from "../../compile/world.ts";
import type { EntryPoint } from "../trigger.ts";
import { interpretExit } from "./interpret_exit.ts";

const INTERFACE_REGEXP = /^wasi:cli\/run@0\.2\.\d+(?:[-+].*)?$/;
const FUNCTION = "run";

/** What {@linkcode findEntryPoint} recognises. */
export const EXPECTED_SHAPES: readonly string[] = [
  "wasi:cli/run@0.2.x, as a command for wasm32-wasip2 does, or build one for wasm32-wasip1",
];

/**
 * Finds the function that runs a command.
 *
 * @param world A component's world.
 * @returns The entry point, or `undefined` if the component is no command.
 */
export function findEntryPoint(world: World): EntryPoint | undefined {
  const run = world.exports.find((item) =>
    item.kind === "interface" && INTERFACE_REGEXP.test(item.name) &&
    item.functions?.includes(FUNCTION)
  );
  if (run === undefined) return undefined;
  return { export: `${run.name}#${FUNCTION}`, arity: 0, interpret: interpretExit };
}
