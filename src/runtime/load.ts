/**
 * Loads an application with the trigger types that come with Gyre.
 *
 * @module
 */

import { loadApplication as load, type LoadedApplication } from "../loader/load_application.ts";
import { builtInTriggers } from "./built_in_triggers.ts";

/**
 * Loads an application from a manifest, from a directory that holds `app.toml` or `spin.toml`
 * (the first of the two that is there), or from a Wasm component, which is then called every second.
 *
 * @param path The file or directory, relative to the working directory, or a `file:` URL.
 * @returns The application, and what is odd about its manifest but no error.
 * @throws {ManifestError} `ERR_MANIFEST`, with every problem of the manifest.
 * @throws {LoadError} If there is no application, such as `ERR_APP_NOT_FOUND`.
 */
export async function loadApplication(path: string): Promise<LoadedApplication> {
  return await load(path, { triggerTypes: builtInTriggers.map(({ schema }) => schema) });
}
