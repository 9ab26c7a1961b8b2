/**
 * Checks the files that a component names: its own source and what it mounts.
 *
 * @module
 */

import { isAbsolute, join, normalize } from "node:path";
import type { ComponentSource, FileGrant } from "../app/application.ts";
import { describeTable } from "./describe.ts";
import type { Findings, KeyPath } from "./finding.ts";
import type { SourceProbe } from "./source_probe.ts";
import { writableProblem } from "./writable_problem.ts";

/** Where files are looked for, and where problems go. */
export interface FileCheck {
  /** The application's absolute directory. */
  readonly baseDir: string;
  /** Looks at the files. */
  readonly probe: SourceProbe;
  /** Where problems are added. */
  readonly findings: Findings;
}

const GLOB_REGEXP = /[*?[]/;
const WIDE_PATTERNS: ReadonlySet<string> = new Set(["*", "**", "**/*"]);

/**
 * Says whether a file pattern is a glob, and not the path of one file or directory.
 *
 * @param pattern The pattern.
 * @returns Whether it has a `*`, a `?` or a `[`.
 */
export function isGlob(pattern: string): boolean {
  return GLOB_REGEXP.test(pattern);
}

/**
 * Checks that a component's source exists, if it is a local file.
 *
 * @param component The component's source, its path, and the command that builds it.
 * @param check Where to look, and where problems go.
 */
export async function checkSource(
  component: {
    readonly source: ComponentSource;
    readonly path: KeyPath;
    readonly buildCommand: string | undefined;
  },
  check: FileCheck,
): Promise<void> {
  const { source, path, buildCommand } = component;
  if (source.kind !== "path") return;
  const kind = await check.probe.kindOf(absolute(source.path, check));
  if (kind === "file") return;
  const hint = buildCommand === undefined
    ? "Check the path; it is relative to the manifest's directory"
    : `Build the component first: ${buildCommand}`;
  check.findings.errors.push({
    code: "ERR_SOURCE_NOT_FOUND",
    message: kind === "directory"
      ? `The source of ${describeTable(path)} is a directory: "${source.path}"`
      : `The source of ${describeTable(path)} does not exist: "${source.path}"`,
    path: [...path, "source"],
    expected: "a Wasm file",
    hint,
  });
}

/**
 * Checks the entries of a component's `files`.
 *
 * @param grants The entries and their path, and the component's `exclude_files`.
 * @param check Where to look, and where problems go.
 */
export async function checkFiles(
  grants: {
    readonly files: readonly FileGrant[];
    readonly excludeFiles: readonly string[];
    readonly path: KeyPath;
  },
  check: FileCheck,
): Promise<void> {
  await Promise.all(grants.files.map((grant, index) => {
    const path = [...grants.path, index];
    return grant.kind === "pattern"
      ? checkPattern({ pattern: grant.pattern, path }, check)
      : checkMount({ ...grant, excludeFiles: grants.excludeFiles, path }, check);
  }));
}

async function checkPattern(
  grant: { readonly pattern: string; readonly path: KeyPath },
  check: FileCheck,
): Promise<void> {
  const { pattern, path } = grant;
  const last = pattern.split("/").at(-1);
  if (pattern === "" || last === "." || last === "..") {
    check.findings.errors.push({
      code: "ERR_FILE_PATTERN",
      message: pattern === ""
        ? "A file pattern is empty"
        : `File pattern "${pattern}" ends in "${last}"`,
      path,
      expected: "a path or a glob below the manifest's directory",
      hint:
        'To mount a directory under another path, write { source = "dir", destination = "/path" }',
    });
    return;
  }
  if (reportOutside({ file: pattern, path }, check)) return;
  if (WIDE_PATTERNS.has(pattern)) {
    check.findings.warnings.push({
      code: "WARN_WIDE_PATTERN",
      message:
        `File pattern "${pattern}" mounts the application's whole directory, with its manifest and sources`,
      path,
      hint: "Keep the files for the guest in a directory of their own",
    });
  }
  if (isGlob(pattern)) return;
  const kind = await check.probe.kindOf(absolute(pattern, check));
  if (kind === undefined) reportMissing({ file: pattern, path }, check);
}

async function checkMount(
  grant: {
    readonly source: string;
    readonly destination: string;
    readonly writable: boolean;
    readonly excludeFiles: readonly string[];
    readonly path: KeyPath;
  },
  check: FileCheck,
): Promise<void> {
  const { source, destination, path } = grant;
  const sourcePath = [...path, "source"];
  const kind = reportOutside({ file: source, path: sourcePath }, check)
    ? "outside"
    : await check.probe.kindOf(absolute(source, check));
  if (kind === undefined) {
    reportMissing({ file: source, path: sourcePath }, check);
  }
  if (grant.writable && (kind === "file" || kind === "directory")) {
    reportUnwritable({ ...grant, kind }, check);
  }
  const problem = destinationProblem(destination, kind === "file");
  if (problem === undefined) return;
  check.findings.errors.push({
    code: "ERR_FILE_DESTINATION",
    message: `Destination "${destination}" ${problem}`,
    path: [...path, "destination"],
    expected: 'an absolute path for the guest, such as "/data"',
  });
}

function destinationProblem(
  destination: string,
  isFile: boolean,
): string | undefined {
  if (!destination.startsWith("/")) return "is not absolute";
  const parts = destination.split("/");
  if (parts.includes("..") || parts.includes(".")) {
    return 'has a "." or ".." in it';
  }
  return isFile && destination.endsWith("/")
    ? "is a directory, but its source is a file"
    : undefined;
}

function reportOutside(
  grant: { readonly file: string; readonly path: KeyPath },
  check: FileCheck,
): boolean {
  const { file, path } = grant;
  const inside = !isAbsolute(file) &&
    normalize(file).split(/[/\\]/)[0] !== "..";
  if (inside) return false;
  check.findings.errors.push({
    code: "ERR_FILE_OUTSIDE",
    message: `"${file}" is outside the application's directory`,
    path,
    expected: "a relative path below the manifest's directory",
    hint: "Copy the files there, for example in the component's build command",
  });
  return true;
}

function reportUnwritable(
  grant: {
    readonly source: string;
    readonly excludeFiles: readonly string[];
    readonly kind: "file" | "directory";
    readonly path: KeyPath;
  },
  check: FileCheck,
): void {
  const problem = grant.kind === "file"
    ? "is a file, and only a directory can be mounted to be written"
    : writableProblem(grant);
  if (problem === undefined) return;
  check.findings.errors.push({
    code: "ERR_FILE_WRITABLE",
    message: `"${grant.source}" ${problem}`,
    path: [...grant.path, "source"],
    expected: "a directory of its own for what the guest writes",
  });
}

function reportMissing(
  grant: { readonly file: string; readonly path: KeyPath },
  check: FileCheck,
): void {
  check.findings.errors.push({
    code: "ERR_FILE_NOT_FOUND",
    message: `"${grant.file}" does not exist`,
    path: grant.path,
    expected: "a file or a directory",
    hint: "Check the path; it is relative to the manifest's directory",
  });
}

function absolute(path: string, check: FileCheck): string {
  return isAbsolute(path) ? path : join(check.baseDir, path);
}
