import type { HostImplementation } from "../../src/host/host_interface.ts";

/** Calls a function of an implementation as jco's generated code does: by name, unchecked. */
export function call(
  implementation: HostImplementation | undefined,
  name: string,
  ...args: readonly unknown[]
): unknown {
  const implemented = implementation?.[name];
  if (implemented === undefined) throw new Error(`No function ${name}`);
  return implemented(...args);
}
