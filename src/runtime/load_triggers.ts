/**
 * Loads the trigger types that a manifest names. They are programs: they run in this isolate, with
 * its permissions.
 *
 * @module
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LoadError, messageOf } from "../errors.ts";
import type { Trigger } from "../triggers/trigger.ts";

/** A specifier that Deno resolves by itself, such as `jsr:@acme/trigger` or `https://...`. */
const URL_REGEXP = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Loads trigger types.
 *
 * @param modules The specifiers of their modules, by the names of the types.
 * @param baseDir The absolute directory that relative specifiers start from.
 * @returns The types, in the same order.
 * @throws {LoadError} `ERR_TRIGGER_MODULE` if a module cannot be loaded, or has no such type.
 */
export async function loadTriggers(
  modules: Readonly<Record<string, string>>,
  baseDir: string,
): Promise<readonly Trigger[]> {
  return await Promise.all(
    Object.entries(modules).map(([type, specifier]) => loadTrigger(type, { specifier, baseDir })),
  );
}

async function loadTrigger(
  type: string,
  { specifier, baseDir }: { readonly specifier: string; readonly baseDir: string },
): Promise<Trigger> {
  const url = URL_REGEXP.test(specifier) ? specifier : pathToFileURL(join(baseDir, specifier)).href;
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(url);
  } catch (cause) {
    throw new LoadError(
      "ERR_TRIGGER_MODULE",
      `The trigger type "${type}" cannot be loaded from ${specifier}: ${messageOf(cause)}`,
      { cause, hint: "Check the path under [application.triggers]; it starts at the manifest" },
    );
  }
  const found = loaded.default;
  if (isTrigger(found) && found.schema.type === type) return found;
  const what = isTrigger(found) ? `of the type "${found.schema.type}"` : "that is none";
  throw new LoadError(
    "ERR_TRIGGER_MODULE",
    `${specifier} is to be the trigger type "${type}", and has a default export ${what}`,
    { hint: `Export it: export default defineTrigger({ type: "${type}", ... })` },
  );
}

/** Whether a module's export was made by `defineTrigger`, as far as can be seen. */
function isTrigger(value: unknown): value is Trigger {
  if (typeof value !== "object" || value === null) return false;
  const { schema, run } = value as Partial<Trigger>;
  return typeof schema?.type === "string" && typeof run === "function";
}
