/**
 * The order in which functions are rewritten: those that a function calls come before it, so that it
 * is known what a call of them takes. Only where functions call each other in a circle, one of the
 * calls leads to a function that comes later.
 *
 * @module
 */

import { Opcode, skipImmediates, skipValueType } from "./instructions.ts";
import type { ModuleShape } from "./module_shape.ts";
import { WasmReader } from "./wasm_reader.ts";

/**
 * Orders the functions of a module.
 *
 * @param bodies The functions' bodies.
 * @param shape The module.
 * @returns The positions of the bodies, every one once.
 * @throws {WasmFormatError} If a function is malformed.
 */
export function callOrder(bodies: readonly Uint8Array[], shape: ModuleShape): Uint32Array {
  const callees = bodies.map((body) => calleesOf(body, shape));
  const order = new Uint32Array(bodies.length);
  let ordered = 0;
  const wasSeen = new Uint8Array(bodies.length);
  // The functions on the way to the current one, and how many callees of each were looked at. No
  // recursion: a chain of calls may be longer than the stack is deep.
  const path: number[] = [];
  const looked: number[] = [];
  for (let root = 0; root < bodies.length; root++) {
    if (wasSeen[root] === 1) continue;
    wasSeen[root] = 1;
    path.push(root);
    looked.push(0);
    while (path.length > 0) {
      const top = path.length - 1;
      const current = path[top] ?? 0;
      const next = looked[top] ?? 0;
      const callee = callees[current]?.[next];
      if (callee === undefined) {
        order[ordered++] = current;
        path.pop();
        looked.pop();
        continue;
      }
      looked[top] = next + 1;
      if (wasSeen[callee] === 1) continue;
      wasSeen[callee] = 1;
      path.push(callee);
      looked.push(0);
    }
  }
  return order;
}

/** The functions that a function calls by name, without those that are imported. */
function calleesOf(body: Uint8Array, { importedFunctions }: ModuleShape): readonly number[] {
  const reader = new WasmReader(body);
  for (let left = reader.u32(); left > 0; left--) {
    reader.skipLeb();
    skipValueType(reader);
  }
  const callees = new Set<number>();
  while (!reader.done) {
    const opcode = reader.byte();
    if (opcode !== Opcode.call && opcode !== Opcode.returnCall) {
      skipImmediates(reader, opcode);
      continue;
    }
    const index = reader.u32();
    if (index >= importedFunctions) callees.add(index - importedFunctions);
  }
  return [...callees];
}
