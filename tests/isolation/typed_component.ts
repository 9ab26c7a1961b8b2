import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { CompiledComponent } from "../../src/compile/compiled_component.ts";
import { Compiler } from "../../src/compile/compiler.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import { SUSPENDING_IMPORTS } from "../compile/compiled_guest.ts";

/** The numeric types of WIT. */
export const NUMERIC_TYPES: readonly string[] = [
  ...["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"],
];

/**
 * Compiles a component whose functions take and give lists of every numeric type: `give-u8` gives
 * two numbers, `count-u8` says how many it was given. `give-nan` gives what its name says.
 */
export async function typedComponent(): Promise<CompiledComponent> {
  const lists = NUMERIC_TYPES.map((type) => `
    (func (export "give-${type}") (result (list ${type}))
      (canon lift (core func $main "give") (memory $memory)))
    (func (export "count-${type}") (param "list" (list ${type})) (result u32)
      (canon lift (core func $main "count") (memory $memory) (realloc $realloc)))`);
  const component = await parse(`(component
    (core module $Main
      (memory (export "memory") 1)
      (data (i32.const 0) "\\20\\00\\00\\00\\02\\00\\00\\00")
      (data (i32.const 32) "\\01\\02\\03\\04\\05\\06\\07\\08\\01\\02\\03\\04\\05\\06\\07\\08")
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        global.get $next
        (global.set $next (i32.add (global.get $next) (local.get 3))))
      (func (export "give") (result i32) i32.const 0)
      (func (export "count") (param i32 i32) (result i32) local.get 1)
      (func (export "nan") (result f64) f64.const nan))
    (core instance $main (instantiate $Main))
    (alias core export $main "memory" (core memory $memory))
    (alias core export $main "realloc" (core func $realloc))
    ${lists.join("")}
    (func (export "give-nan") (result f64) (canon lift (core func $main "nan"))))`);
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const bytes = Uint8Array.from(component);
  return await compiler.compile({ bytes, digest: await sha256Digest(bytes) }, "typed");
}
