/**
 * Version 1 manifests, rewritten as version 2. Only the shape that the rewriting rests on is
 * checked here; the result is validated like any other manifest.
 *
 * @module
 */

import { z } from "zod";
import { idProblem } from "../app/ids.ts";
import { checkValue, type Table } from "./check_value.ts";
import type { Findings, KeyPath } from "./finding.ts";
import { componentSchema } from "./schema.ts";

/** A version 1 manifest, rewritten. */
export interface ConvertedManifest {
  /** The version 2 manifest. */
  readonly manifest: Table;
  /** Turns a path in the version 2 manifest into the path that the author wrote. */
  readonly toSourcePath: (path: KeyPath) => KeyPath;
}

type ComponentV1 = z.output<typeof component>;

interface NumberedComponent {
  readonly entry: ComponentV1;
  /** The component's place in the manifest. */
  readonly index: number;
}

/** What version 1 let every component reach that did not list its hosts. */
const IMPLICIT_HOSTS = ["redis://*:*", "mysql://*:*", "postgres://*:*"];

const component = z.strictObject({
  id: z.string().describe("a string"),
  trigger: z.record(z.string(), z.unknown()).default({}).describe("a table"),
  config: z.unknown().optional(),
  ...Object.fromEntries(
    Object.keys(componentSchema.shape)
      .filter((key) => !["variables", "profile", "tool"].includes(key))
      .map((key) => [key, z.unknown().optional()]),
  ),
  allowed_outbound_hosts: z.unknown().optional(),
});

const manifestV1 = z.strictObject({
  spin_manifest_version: z.unknown().optional(),
  spin_version: z.unknown().optional(),
  name: z.unknown().optional(),
  version: z.unknown().optional(),
  description: z.unknown().optional(),
  authors: z.unknown().optional(),
  variables: z.unknown().optional(),
  trigger: z.looseObject({ type: z.string().describe("a string") })
    .describe("a table with type"),
  component: z.array(component).default([])
    .describe("an array of tables, written [[component]]"),
});

/**
 * Rewrites a version 1 manifest.
 *
 * @param source The top-level table of the version 1 manifest.
 * @param findings Where problems are added.
 * @returns The manifest, rewritten; `undefined` if its shape does not allow that.
 */
export function convertV1(
  source: Table,
  findings: Findings,
): ConvertedManifest | undefined {
  const v1 = checkValue({ schema: manifestV1, value: source, path: [] }, findings);
  if (v1 === undefined) return undefined;
  const components = new Map<string, NumberedComponent>();
  v1.component.forEach((entry, index) => {
    const id = toKebab(entry.id);
    if (!components.has(id)) {
      components.set(id, { entry, index });
      if (entry.allowed_outbound_hosts === undefined) {
        warnImplicitHosts(id, findings);
      }
      return;
    }
    const written = [components.get(id)?.entry.id ?? id, entry.id];
    const rewritten = written.find((candidate) => candidate !== id);
    findings.errors.push({
      code: "ERR_DUPLICATE_ID",
      message: `Two components have the id "${id}"`,
      path: ["component", index, "id"],
      hint: rewritten === undefined
        ? "Give one of them another id"
        : `"${rewritten}" is read as "${id}"; give one of them another id`,
    });
  });
  const indexById = new Map(
    [...components].map(([id, { index }]) => [id, index]),
  );
  return {
    manifest: toVersion2(v1, components),
    toSourcePath: (path) => toSourcePath(path, indexById),
  };
}

function toVersion2(
  v1: z.output<typeof manifestV1>,
  components: ReadonlyMap<string, NumberedComponent>,
): Table {
  const { type, ...settings } = v1.trigger;
  const hasSettings = Object.keys(settings).length > 0;
  return {
    application: definedOnly({
      name: v1.name,
      version: v1.version,
      description: v1.description,
      authors: v1.authors,
      trigger: hasSettings ? { [type]: settings } : undefined,
    }),
    ...definedOnly({ variables: v1.variables }),
    trigger: {
      [type]: [...components].map(([id, { entry }]) => ({
        ...entry.trigger,
        id: `trigger-${id}`,
        component: id,
      })),
    },
    component: Object.fromEntries(
      [...components].map(([id, { entry }]) => [id, toComponentTable(entry)]),
    ),
  };
}

function toComponentTable(entry: ComponentV1): Table {
  const { id: _, trigger: __, config, ...body } = entry;
  return definedOnly({
    ...body,
    variables: config,
    allowed_outbound_hosts: body.allowed_outbound_hosts ?? IMPLICIT_HOSTS,
  });
}

function warnImplicitHosts(id: string, findings: Findings): void {
  findings.warnings.push({
    code: "WARN_IMPLICIT_HOSTS",
    message:
      `Component "${id}" may reach every Redis, MySQL and PostgreSQL server, because version 1 grants that to a component without allowed_outbound_hosts`,
    path: ["component", id],
    hint: "Write allowed_outbound_hosts = [] if the component needs none of them",
  });
}

/** Rewrites an id the way Spin does, so that its triggers and logs have the same names there. */
function toKebab(id: string): string {
  if (idProblem(id, "kebab") === undefined) return id;
  const rewritten = id.replaceAll("_", "-").toLowerCase();
  return idProblem(rewritten, "kebab") === undefined ? rewritten : id;
}

function definedOnly(table: Table): Table {
  return Object.fromEntries(
    Object.entries(table).filter(([, value]) => value !== undefined),
  );
}

function toSourcePath(
  path: KeyPath,
  indexById: ReadonlyMap<string, number>,
): KeyPath {
  const [section, second, third, ...rest] = path;
  if (section === "application") {
    if (second !== "trigger") return path.slice(1);
    // The type is a key of its own in version 1, and the settings stand beside it.
    return third === undefined || rest.length > 0 ? ["trigger", ...rest] : ["trigger", "type"];
  }
  if (section === "trigger") {
    return typeof third === "number"
      ? ["component", [...indexById.values()][third] ?? third, "trigger", ...rest]
      : ["trigger", "type"];
  }
  const index = typeof second === "string" ? indexById.get(second) : undefined;
  if (section !== "component" || index === undefined) return path;
  const key = third === "variables" ? "config" : third ?? "id";
  return ["component", index, key, ...rest];
}
