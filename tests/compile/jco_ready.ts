import { $init } from "@bytecodealliance/jco-transpile/component";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";

/**
 * Waits until jco has read its own Wasm modules, which it starts to do when it is imported: within
 * a test, the sanitizers would take that for a leak.
 */
export async function jcoReady(): Promise<void> {
  await $init;
  await parse("(module)");
}
