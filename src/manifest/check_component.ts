/**
 * Checks a component against the rest of the manifest and the file system, and makes its model.
 *
 * @module
 */

import type { Component } from "../app/application.ts";
import { checkFiles, checkSource, type FileCheck } from "./check_files.ts";
import { checkInbound } from "./check_inbound.ts";
import { checkAllowedHosts, checkTemplate, type TemplateScope } from "./check_templates.ts";
import type { KeyPath } from "./finding.ts";
import { convertHttpHosts } from "./http_hosts.ts";
import type { LimitsTable } from "./limits_schema.ts";
import type { ComponentTable } from "./schema.ts";
import { toComponent } from "./to_component.ts";

/** A component's table, after its schema, and where it stands. */
export interface PlacedComponent {
  /** The component's id. */
  readonly id: string;
  /** The keys that lead to the component. */
  readonly path: KeyPath;
  /** The component's table. */
  readonly table: ComponentTable;
}

/**
 * Checks a component.
 *
 * @param placed The component.
 * @param check The rest of the manifest, the file system, and where problems are added.
 * @returns The component's model.
 */
export async function checkComponent(
  placed: PlacedComponent,
  check: FileCheck & {
    readonly scope: TemplateScope;
    /** The limits of `[application.limits]`. */
    readonly limits: LimitsTable | undefined;
  },
): Promise<Component> {
  const { id, path, table } = placed;
  const { findings, scope } = check;
  const httpHosts = convertHttpHosts(table.allowed_http_hosts, path, findings);
  const component = toComponent(id, table, { httpHosts, limits: check.limits });
  for (const [name, text] of Object.entries(table.variables)) {
    const place = { text, path: [...path, "variables", name] };
    checkTemplate(place, scope, findings);
  }
  checkAllowedHosts(
    {
      entries: table.allowed_outbound_hosts,
      path: [...path, "allowed_outbound_hosts"],
    },
    scope,
    findings,
  );
  checkInbound(
    { entries: table.allowed_inbound, path: [...path, "allowed_inbound"] },
    findings,
  );
  const buildCommand = component.build?.commands.join(" && ");
  await checkSource({ source: component.source, path, buildCommand }, check);
  await checkFiles(
    { files: component.files, excludeFiles: component.excludeFiles, path: [...path, "files"] },
    check,
  );
  return component;
}
