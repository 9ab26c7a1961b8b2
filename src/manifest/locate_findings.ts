/**
 * Gives the problems found in a manifest their places in its text.
 *
 * @module
 */

import type { ManifestIssue, ManifestLocation } from "../errors.ts";
import type { Finding, KeyPath } from "./finding.ts";
import type { TextRange } from "./toml_positions.ts";

/** The text in which problems were found. */
export interface ManifestText {
  /** The TOML text, without a byte order mark. */
  readonly text: string;
  /** The manifest as the user named it. */
  readonly origin: string;
  /** Turns a path in a manifest of version 2 into the path that the author wrote. */
  readonly toSourcePath: (path: KeyPath) => KeyPath;
}

/**
 * Turns findings into issues with places, in the order of the text.
 *
 * @param findings The findings.
 * @param source The text that they were found in.
 * @returns The issues.
 */
export async function locateFindings(
  findings: readonly Finding[],
  source: ManifestText,
): Promise<ManifestIssue[]> {
  if (findings.length === 0) return [];
  const { TomlPositions } = await import("./toml_positions.ts");
  const positions = new TomlPositions(source.text);
  return findings
    .map((finding) => {
      const path = source.toSourcePath(finding.path);
      const range = positions.find(path, finding.at ?? "value") ??
        { start: 0, end: 1 };
      return { ...toIssue(finding, path), location: locate(range, source) };
    })
    .sort((a, b) => a.location.line - b.location.line || a.location.column - b.location.column);
}

/**
 * Turns a finding into an issue without a place.
 *
 * @param finding The finding.
 * @param path The path as the author wrote it.
 * @returns The issue.
 */
export function toIssue(finding: Finding, path: KeyPath): ManifestIssue {
  const { at: _, ...issue } = finding;
  return { ...issue, path };
}

function locate(range: TextRange, source: ManifestText): ManifestLocation {
  const before = source.text.slice(0, range.start);
  const lineStart = before.lastIndexOf("\n") + 1;
  const [excerpt = ""] = source.text.slice(lineStart).split(/\r?\n/, 1);
  const column = range.start - lineStart;
  const width = Math.min(range.end - range.start, excerpt.length - column);
  return {
    file: source.origin,
    line: before.split("\n").length,
    column: column + 1,
    excerpt,
    width: Math.max(1, width),
  };
}
