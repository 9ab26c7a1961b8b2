/**
 * The command trigger: runs a command once, when the application starts.
 *
 * @module
 */

import type { Trigger } from "../trigger.ts";
import { type CommandConfig, commandSchema } from "./command_schema.ts";
import { EXPECTED_SHAPES, findEntryPoint } from "./entry_point.ts";

/** The command trigger. Its entries run side by side; an application ends with its last trigger. */
export const commandTrigger: Trigger = {
  schema: commandSchema,
  expected: EXPECTED_SHAPES,
  findEntryPoint,
  arguments: argumentsOf,
  describe(config) {
    const words = argumentsOf(config).map((argument) => JSON.stringify(argument)).join(" ");
    return words === "" ? "once" : `once, with ${words}`;
  },
  async run({ triggers, signal }) {
    if (signal.aborted) return;
    await Promise.all(triggers.map((trigger) => trigger.dispatch({ id: "run", args: [] })));
  },
};

/** The schema made this value, and nothing else comes here. */
function argumentsOf(config: unknown): readonly string[] {
  return (config as CommandConfig).arguments;
}
