/**
 * The manifest keys of the command trigger.
 *
 * @module
 */

import { z } from "zod";
import type { TriggerSchema } from "../../app/trigger_schema.ts";

const ARGUMENTS_EXPECTED = 'a list of strings, such as ["--verbose", "input.txt"]';

const config = z.strictObject({
  arguments: z.array(z.string()).default([]).describe(ARGUMENTS_EXPECTED),
});

/** The keys of one `[[trigger.command]]` entry, resolved. */
export interface CommandConfig {
  /** What follows the program's name in the guest's arguments. */
  readonly arguments: readonly string[];
}

/** The schema of `[[trigger.command]]`. */
export const commandSchema: TriggerSchema = { type: "command", config };
