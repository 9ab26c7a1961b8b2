/**
 * Reads a manifest: from TOML text to a validated application.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import { ManifestError, type ManifestIssue } from "../errors.ts";
import { type ConvertedManifest, convertV1 } from "./convert_v1.ts";
import type { Findings } from "./finding.ts";
import { locateFindings } from "./locate_findings.ts";
import { manifestVersion } from "./manifest_version.ts";
import { parseToml } from "./parse_toml.ts";
import { validateManifest, type ValidateManifestOptions } from "./validate_manifest.ts";

export type { SourceProbe } from "./source_probe.ts";

/** Options of {@linkcode readManifest}. */
export type ReadManifestOptions = ValidateManifestOptions;

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
    await validateManifest(converted.manifest, options, findings);
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
