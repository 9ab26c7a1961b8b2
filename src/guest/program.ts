/**
 * A compiled component as loaded code: jco's ES module, and the core modules compiled by V8. One
 * program serves every instance of a component.
 *
 * @module
 */

import { capGrowth } from "../compile/instrument/cap_growth.ts";
import { measureInitial } from "../compile/instrument/measure_initial.ts";
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
  /** The linear memory that the core modules begin with, in bytes. */
  readonly initialMemory: number;
}

/**
 * Loads a compiled component into this isolate.
 *
 * @param source The source of jco's module.
 * @param modules The core modules' bytes by name.
 * @param options How much linear memory each memory may have, in bytes.
 * @returns The program.
 * @throws {Error} If a core module is not valid.
 */
export async function loadProgram(
  source: string,
  modules: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>,
  options: { readonly memory: number },
): Promise<Program> {
  const capped = [...modules].map(([name, bytes]) => [name, capGrowth(bytes, options)] as const);
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const [{ instantiate }, ...compiled]: [{ instantiate: Instantiate }, ...CompiledModule[]] =
      await Promise.all([import(url), ...capped.map(compile)]);
    const initialMemory = capped.reduce((sum, [, bytes]) => sum + measureInitial(bytes).memory, 0);
    return { instantiate, modules: new Map(compiled), initialMemory };
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
