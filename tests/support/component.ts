import type { Component } from "../../src/app/application.ts";
import { DEFAULT_LIMITS } from "../../src/app/limits.ts";

/** Makes a component that is granted nothing, but for what a test asks for. */
export function componentOf(id: string, granted: Partial<Component> = {}): Component {
  return {
    id,
    description: "",
    source: { kind: "path", path: `${id}.wasm` },
    environment: {},
    files: [],
    excludeFiles: [],
    allowedOutboundHosts: [],
    allowedInbound: [],
    variables: {},
    keyValueStores: [],
    sqliteDatabases: [],
    aiModels: [],
    dependencies: [],
    limits: DEFAULT_LIMITS,
    ...granted,
  };
}
