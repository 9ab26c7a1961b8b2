/**
 * A component's table, turned into the model.
 *
 * @module
 */

import type { Build, Component, ComponentSource, FileGrant } from "../app/application.ts";
import type { ComponentTable } from "./schema.ts";

/**
 * Makes a component.
 *
 * @param id The component's id.
 * @param table The component's table, after its schema.
 * @param httpHosts The grants of `allowed_http_hosts`, rewritten.
 * @returns The component.
 */
export function toComponent(
  id: string,
  table: ComponentTable,
  httpHosts: readonly string[],
): Component {
  return {
    id,
    description: table.description,
    source: toSource(table.source),
    environment: table.environment,
    files: table.files.map((file): FileGrant =>
      typeof file === "string" ? { kind: "pattern", pattern: file } : { kind: "mount", ...file }
    ),
    excludeFiles: table.exclude_files,
    allowedOutboundHosts: [...table.allowed_outbound_hosts, ...httpHosts],
    variables: table.variables,
    keyValueStores: table.key_value_stores,
    sqliteDatabases: table.sqlite_databases,
    aiModels: table.ai_models,
    dependencies: Object.keys(table.dependencies),
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
