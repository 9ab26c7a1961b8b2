/**
 * Reads a manifest: from TOML text to a validated application.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import type { TriggerSchema } from "../app/trigger_schema.ts";
import { isTable } from "./check_value.ts";
import { ManifestError, type ManifestIssue } from "../errors.ts";
import { type ConvertedManifest, convertV1 } from "./convert_v1.ts";
import type { Findings } from "./finding.ts";
import { locateFindings } from "./locate_findings.ts";
import { manifestVersion } from "./manifest_version.ts";
import { parseToml } from "./parse_toml.ts";
import { validateManifest, type ValidateManifestOptions } from "./validate_manifest.ts";

export type { SourceProbe } from "./source_probe.ts";

/** Options of {@linkcode readManifest}. */
export interface ReadManifestOptions extends ValidateManifestOptions {
  /**
   * Loads the trigger types that `[application.triggers]` names.
   *
   * @param modules The specifiers of the modules, by the names of the types.
   * @returns What the manifest may use besides `triggerTypes`.
   */
  readonly loadTriggerTypes?: (
    modules: Readonly<Record<string, string>>,
  ) => Promise<readonly TriggerSchema[]>;
}

/** What a manifest says. */
export interface ManifestReading {
  /** The application, deeply frozen. */
  readonly application: Application;
  /** What the author should know, in the order of the manifest's text. */
  readonly warnings: readonly ManifestIssue[];
}

const BYTE_ORDER_MARK_REGEXP = /^\uFEFF/;

/**
 * Reads a manifest of version 2 or 1.
 *
 * @param text The manifest's TOML text.
 * @param options What the manifest is measured against.
 * @returns The application, and warnings.
 * @throws {ManifestError} With every problem found, each with its place in the text.
 */
export async function readManifest(
  text: string,
  options: ReadManifestOptions,
): Promise<ManifestReading> {
  const toml = text.replace(BYTE_ORDER_MARK_REGEXP, "");
  const table = parseToml(toml, options.origin);
  const findings: Findings = { errors: [], warnings: [] };
  const converted = toVersion2(table, findings);
  const application = converted &&
    await validateManifest(converted.manifest, await withNamedTypes(converted, options), findings);
  const source = {
    text: toml,
    origin: options.origin,
    toSourcePath: converted?.toSourcePath ?? ((path) => path),
  };
  if (application === undefined || findings.errors.length > 0) {
    const issues = await locateFindings(findings.errors, source);
    throw new ManifestError(options.origin, issues);
  }
  return {
    application,
    warnings: await locateFindings(findings.warnings, source),
  };
}

/** Adds the trigger types that the manifest names itself. What is not well-formed is found later. */
async function withNamedTypes(
  { manifest }: ConvertedManifest,
  options: ReadManifestOptions,
): Promise<ValidateManifestOptions> {
  const application = manifest["application"];
  const named = isTable(application) ? application["triggers"] : undefined;
  if (!isTable(named) || options.loadTriggerTypes === undefined) return options;
  const modules = Object.entries(named).filter((entry): entry is [string, string] =>
    typeof entry[1] === "string"
  );
  const types = await options.loadTriggerTypes(Object.fromEntries(modules));
  return { ...options, triggerTypes: [...options.triggerTypes, ...types] };
}

function toVersion2(
  table: Readonly<Record<string, unknown>>,
  findings: Findings,
): ConvertedManifest | undefined {
  const version = manifestVersion(table);
  if (version === 1) return convertV1(table, findings);
  if (version === 2) return { manifest: table, toSourcePath: (path) => path };
  findings.errors.push(version);
  return undefined;
}
