import { instrument, type Instrumented } from "../../../src/compile/instrument/instrument.ts";
import { Hooks } from "../../../src/guest/hooks.ts";
import { wat } from "./wat.ts";

/** Assembles a module and rewrites it; fails if it is not valid, or was left as it is. */
export async function instrumented(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, skipped }: Instrumented = instrument(await wat(text));
  if (skipped !== undefined) throw new Error(`It was left as it is: ${skipped}`);
  new WebAssembly.Module(bytes); // which says more than validate() does
  return bytes;
}

/** What an instance may do. */
export interface ArmOptions {
  /** When it must end, in ms from now; never if absent. */
  readonly deadline?: number;
  /** The linear memory that it may have, in bytes. */
  readonly memoryLimit?: number;
  /** What it imports. */
  readonly imports?: WebAssembly.Imports;
}

/** An instance and its hooks. */
export interface Armed {
  /** Calls an exported function. */
  readonly call: (name: string, ...args: readonly unknown[]) => unknown;
  /** Its hooks. */
  readonly hooks: Hooks;
}

/** Instantiates a module and puts the hooks in, which runs its start function. */
export function arm(bytes: Uint8Array<ArrayBuffer>, options: ArmOptions = {}): Armed {
  const due = performance.now() + (options.deadline ?? Infinity);
  const hooks = new Hooks({
    isOver: () => performance.now() >= due,
    initialMemory: 0,
    memoryLimit: options.memoryLimit ?? Infinity,
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), options.imports);
  hooks.arm(instance);
  const call = (name: string, ...args: readonly unknown[]) => {
    const exported = instance.exports[name];
    if (typeof exported !== "function") throw new TypeError(`No function "${name}"`);
    return exported(...args);
  };
  return { call, hooks };
}
