/**
 * A component's table, turned into the model.
 *
 * @module
 */

import type { Build, Component, ComponentSource, FileGrant } from "../app/application.ts";
import { type LimitsTable, toLimits } from "./limits_schema.ts";
import type { ComponentTable } from "./schema.ts";

/**
 * Makes a component.
 *
 * @param id The component's id.
 * @param table The component's table, after its schema.
 * @param given The grants of `allowed_http_hosts`, rewritten, and the application's own limits.
 * @returns The component.
 */
export function toComponent(
  id: string,
  table: ComponentTable,
  given: {
    readonly httpHosts: readonly string[];
    readonly limits: LimitsTable | undefined;
  },
): Component {
  return {
    id,
    description: table.description,
    source: toSource(table.source),
    environment: table.environment,
    files: table.files.map((file): FileGrant =>
      typeof file === "string"
        ? { kind: "pattern", pattern: file }
        : { kind: "mount", ...file, writable: file.writable ?? false }
    ),
    excludeFiles: table.exclude_files,
    allowedOutboundHosts: [...table.allowed_outbound_hosts, ...given.httpHosts],
    allowedInbound: table.allowed_inbound,
    variables: table.variables,
    keyValueStores: table.key_value_stores,
    sqliteDatabases: table.sqlite_databases,
    aiModels: table.ai_models,
    dependencies: Object.keys(table.dependencies),
    limits: toLimits(table.limits, given.limits),
    ...(table.build !== undefined && { build: toBuild(table.build) }),
  };
}

function toSource(source: ComponentTable["source"]): ComponentSource {
  if (typeof source === "string") return { kind: "path", path: source };
  if ("url" in source) {
    return {
      kind: "url",
      url: source.url,
      digest: source.digest.toLowerCase(),
    };
  }
  const { registry, ...rest } = source;
  return {
    kind: "registry",
    ...rest,
    ...(registry !== undefined && { registry }),
  };
}

function toBuild(build: NonNullable<ComponentTable["build"]>): Build {
  return {
    commands: [build.command].flat(),
    ...(build.workdir !== undefined && { workdir: build.workdir }),
    watch: build.watch,
  };
}
