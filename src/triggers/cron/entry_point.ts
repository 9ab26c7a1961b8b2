/**
 * The exports that the cron trigger calls, recognised by their shape: those of the timer, and that of
 * Spin's cron trigger.
 *
 * @module
 */

import type { FunctionSignature, World } from "../../compile/world.ts";
import * as timer from "../timer/entry_point.ts";
import type { EntryPoint } from "../trigger.ts";

const NAME = "handle-cron-event";

/** What {@linkcode findEntryPoint} recognises. */
export const EXPECTED_SHAPES: readonly string[] = [
  `${NAME}: func(metadata: metadata) -> result<_, error>, where metadata is a record with the ` +
  "field timestamp: u64, as for Spin's cron trigger",
  ...timer.EXPECTED_SHAPES,
];

/**
 * Finds the function that handles a tick.
 *
 * @param world A component's world.
 * @returns The entry point, or `undefined` if there is none of a shape that can be called.
 */
export function findEntryPoint(world: World): EntryPoint | undefined {
  const isCron = world.exports.some((item) =>
    item.kind === "function" && item.name === NAME && isCallable(item.signature)
  );
  return isCron ? { export: NAME, arity: 1, convert: toMetadata } : timer.findEntryPoint(world);
}

function isCallable({ parameters, result }: FunctionSignature): boolean {
  const [parameter] = parameters;
  return parameters.length === 1 && parameter?.name === "metadata" &&
    (result === undefined || result.name === "result");
}

/** Makes Spin's argument, in whole seconds, of those of a tick. */
function toMetadata([_message, scheduled]: readonly unknown[]): readonly unknown[] {
  return [{ timestamp: BigInt(Math.floor(Number(scheduled) / 1_000)) }];
}
