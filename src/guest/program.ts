/**
 * A compiled component as loaded code: jco's ES module, and the core modules compiled by V8. One
 * program serves every instance of a component.
 *
 * @module
 */

import type { HostImplementation } from "../host/host_interface.ts";

/** The function that jco's generated module exports. */
export type Instantiate = (
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: Readonly<Record<string, HostImplementation>>,
  instantiateCore: (
    module: WebAssembly.Module,
    imports: WebAssembly.Imports,
  ) => WebAssembly.Instance,
) =>
  | Readonly<Record<string, unknown>>
  | Promise<Readonly<Record<string, unknown>>>;

/** A component's code, loaded. */
export interface Program {
  /** Makes an instance. */
  readonly instantiate: Instantiate;
  /** The core modules by the names that jco gave them. */
  readonly modules: ReadonlyMap<string, WebAssembly.Module>;
}

/**
 * Loads a compiled component into this isolate.
 *
 * @param source The source of jco's module.
 * @param modules The core modules' bytes by name.
 * @returns The program.
 * @throws {WebAssembly.CompileError} If a core module is not valid.
 */
export async function loadProgram(
  source: string,
  modules: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>,
): Promise<Program> {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const [{ instantiate }, ...compiled]: [{ instantiate: Instantiate }, ...CompiledModule[]] =
      await Promise.all([import(url), ...[...modules].map(compile)]);
    return { instantiate, modules: new Map(compiled) };
  } finally {
    URL.revokeObjectURL(url);
  }
}

type CompiledModule = readonly [name: string, module: WebAssembly.Module];

async function compile(
  [name, bytes]: readonly [string, Uint8Array<ArrayBuffer>],
): Promise<CompiledModule> {
  return [name, await WebAssembly.compile(bytes)];
}
