/**
 * The exports that the timer trigger calls, recognised by their shape, so that a component built
 * against another package's world works too.
 *
 * @module
 */

import type { FunctionSignature, WitType, World } from "../../compile/world.ts";
import type { EntryPoint } from "../trigger.ts";

const NAME = "handle-timer-request";

/** What {@linkcode findEntryPoint} recognises. */
export const EXPECTED_SHAPES: readonly string[] = [
  `${NAME}: func(msg: string) -> string`,
  "the same without the parameter, and with no result, result<string, string> or result<_, string>",
];

/**
 * Finds the function that handles a tick.
 *
 * @param world A component's world.
 * @returns The entry point, or `undefined` if there is none of a shape that can be called.
 */
export function findEntryPoint(world: World): EntryPoint | undefined {
  for (const item of world.exports) {
    if (
      item.kind === "function" && item.name === NAME &&
      isCallable(item.signature)
    ) {
      return { export: NAME, arity: item.signature.parameters.length };
    }
  }
  return undefined;
}

function isCallable({ parameters, result }: FunctionSignature): boolean {
  return parameters.length <= 1 && parameters.every(isString) &&
    (result === undefined || isString(result) || isStringResult(result));
}

function isStringResult({ name, args }: WitType): boolean {
  const [ok, error] = args;
  return name === "result" && (ok === null || isString(ok)) && isString(error);
}

function isString(type: WitType | null | undefined): boolean {
  return type?.name === "string";
}
