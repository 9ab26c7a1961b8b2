/**
 * Loads an application with the trigger types that come with Gyre, and others.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import type { ManifestIssue } from "../errors.ts";
import { loadApplication as load } from "../loader/load_application.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { loadTriggers } from "./load_triggers.ts";
import { triggerTypes } from "./trigger_types.ts";

/** Options of {@linkcode loadApplication}. */
export interface LoadOptions {
  /** Trigger types that the manifest may use besides those that come with Gyre. */
  readonly triggers?: readonly Trigger[];
}

/** What {@linkcode loadApplication} found. */
export interface LoadedApplication {
  /** The application. Its components are not loaded yet. */
  readonly application: Application;
  /** What is odd about the manifest, but no error. */
  readonly warnings: readonly ManifestIssue[];
  /** The absolute path of the manifest; absent if a `.wasm` file was given. */
  readonly manifestPath?: string;
  /** The trigger types that were given or that the manifest names, for `start()`. */
  readonly triggers: readonly Trigger[];
}

/**
 * Loads an application from a manifest, from a directory that holds `app.toml` or `spin.toml`
 * (the first of the two that is there), or from a Wasm component, which is then called every second.
 * Trigger types that the manifest names under `[application.triggers]` are imported, and so run.
 *
 * @param path The file or directory, relative to the working directory, or a `file:` URL.
 * @param options Which trigger types the manifest may use.
 * @returns The application, its trigger types, and what is odd about its manifest but no error.
 * @throws {ManifestError} `ERR_MANIFEST`, with every problem of the manifest.
 * @throws {LoadError} If there is no application, such as `ERR_APP_NOT_FOUND`; `ERR_TRIGGER_MODULE`
 * if a trigger type cannot be loaded.
 */
export async function loadApplication(
  path: string,
  { triggers: given = [] }: LoadOptions = {},
): Promise<LoadedApplication> {
  let triggers = given;
  const loaded = await load(path, {
    triggerTypes: triggerTypes(given).map(({ schema }) => schema),
    loadTriggerTypes: async (modules, baseDir) => {
      const named = await loadTriggers(modules, baseDir);
      triggers = [...given, ...named];
      triggerTypes(triggers); // no two of one name
      return named.map(({ schema }) => schema);
    },
  });
  return { ...loaded, triggers };
}
