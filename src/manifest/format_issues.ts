/**
 * Problems in a manifest as plain text for people.
 *
 * @module
 */

import type { ManifestError, ManifestIssue, ManifestLocation } from "../errors.ts";

/**
 * Writes all problems of a manifest, and a line that counts them.
 *
 * @param error The error.
 * @returns Several lines of plain text, without a line break at the end.
 */
export function formatManifestError(error: ManifestError): string {
  return [...error.issues.map(formatManifestIssue), error.message].join("\n\n");
}

/**
 * Writes one problem, or one warning, with the source line that it is about.
 *
 * @param issue The problem; one whose code starts with `WARN` is a warning.
 * @returns Several lines of plain text, without a line break at the end.
 */
export function formatManifestIssue(issue: ManifestIssue): string {
  const { location } = issue;
  const severity = issue.code.startsWith("WARN") ? "warning" : "error";
  const margin = " ".repeat(String(location?.line ?? 1).length);
  const lines = [`${severity}[${issue.code}]: ${issue.message}`];
  if (location === undefined) {
    if (issue.path.length > 0) lines.push(` ${margin}--> ${issue.path.join(".")}`);
  } else {
    lines.push(...excerpt(location, margin));
  }
  if (issue.expected !== undefined) {
    lines.push(` ${margin} = expected: ${issue.expected}`);
  }
  if (issue.hint !== undefined) lines.push(` ${margin} = help: ${issue.hint}`);
  return lines.join("\n");
}

function excerpt(location: ManifestLocation, margin: string): string[] {
  const place = `${location.file}:${location.line}:${location.column}`;
  const arrow = ` ${margin}--> ${place}`;
  if (location.excerpt.trim() === "") return [arrow];
  // Tabs stay tabs, so that the caret stands under the right column on every terminal.
  const indent = location.excerpt.slice(0, location.column - 1)
    .replace(/[^\t]/g, " ");
  return [
    arrow,
    ` ${margin} |`,
    ` ${location.line} | ${location.excerpt}`,
    ` ${margin} | ${indent}${"^".repeat(location.width)}`,
  ];
}
