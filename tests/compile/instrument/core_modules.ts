import { join } from "node:path";

/** A core module in a file. */
export interface CoreModule {
  /** Where it is. */
  readonly name: string;
  /** The module. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Finds the core modules below a directory, as jco names them. */
export async function coreModulesOf(directory: string): Promise<readonly CoreModule[]> {
  const modules: CoreModule[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) modules.push(...await coreModulesOf(path));
    else if (/\.core\d*\.wasm$/.test(name)) {
      modules.push({ name: path, bytes: await Deno.readFile(path) });
    }
  }
  return modules;
}
