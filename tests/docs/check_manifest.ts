/**
 * Reads the manifests of a page.
 *
 * @module
 */

import assert from "node:assert/strict";
import { parse, stringify } from "smol-toml";
import { formatManifestError, formatManifestIssue } from "../../src/manifest/format_issues.ts";
import { readManifest, type SourceProbe } from "../../src/manifest/read_manifest.ts";
import { ManifestError } from "../../src/errors.ts";
import { builtInTriggers } from "../../src/runtime/built_in_triggers.ts";

type Table = Record<string, unknown>;

/** Options of {@linkcode checkManifest}. */
export interface CheckManifestOptions {
  /** Whether the manifest is to be completed first; see {@linkcode completeFragment}. */
  readonly fragment: boolean;
}

/** Every path is there: a name with a dot is a file, any other a directory. */
const PROBE: SourceProbe = {
  kindOf: (path) => Promise.resolve(/\.[^/]*$/.test(path) ? "file" as const : "directory" as const),
};

/**
 * Reads a manifest, and expects neither an error nor a warning.
 *
 * @param text The manifest.
 * @param options Whether it is whole.
 */
export async function checkManifest(
  text: string,
  { fragment }: CheckManifestOptions,
): Promise<void> {
  const manifest = fragment ? completeFragment(text) : text;
  try {
    const { warnings } = await readManifest(manifest, {
      origin: "app.toml",
      baseDir: "/app",
      triggerTypes: builtInTriggers.map(({ schema }) => schema),
      probe: PROBE,
    });
    assert.deepEqual(warnings.map(formatManifestIssue), []);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    assert.fail(formatManifestError(error));
  }
}

/**
 * Completes a fragment of a manifest: an application without a name is called `docs`, a trigger
 * without a component calls `docs`, each component that a trigger calls is there, and a component
 * without a source has `<id>.wasm`.
 *
 * @param text The fragment.
 * @returns A manifest.
 */
export function completeFragment(text: string): string {
  const manifest: Table = parse(text);
  const triggers = Object.values(tableIn(manifest, "trigger")).flat() as Table[];
  const components = tableIn(manifest, "component");
  tableIn(manifest, "application")["name"] ??= "docs";
  for (const trigger of triggers) {
    trigger["component"] ??= "docs";
    if (typeof trigger["component"] === "string") tableIn(components, trigger["component"]);
  }
  for (const id of Object.keys(components)) tableIn(components, id)["source"] ??= `${id}.wasm`;
  return stringify(manifest);
}

function tableIn(parent: Table, key: string): Table {
  parent[key] ??= {};
  return parent[key] as Table;
}
