/**
 * How much work there is in a function, so that its loops and its entry can be charged for it.
 *
 * @module
 */

import { Opcode, skipImmediates } from "./instructions.ts";
import { WasmFormatError, type WasmReader } from "./wasm_reader.ts";

/** What a call of a function of the module counts. */
const CALL = 10;
/** What a call counts whose target only the run shows: it may be the host's. */
const INDIRECT_CALL = 100;
/**
 * The most that a loop or an entry counts for what it leads to. Code that is long has many branches,
 * of which few are taken; it is charged on the way, by stretches.
 */
const MOST = 200;

/** The work in one function, in instructions of the cheap kind: about one nanosecond each. */
export interface Weight {
  /** The work outside of all loops. */
  readonly entry: number;
  /** The work of one pass through each loop, without the loops in it, in the order of their start. */
  readonly loops: readonly number[];
  /** Whether it calls what only the run shows: through a table, a reference, or the host. */
  readonly leads: boolean;
  /** The functions of the module that it calls, as often as it does. */
  readonly callees: readonly number[];
}

/**
 * Weighs a function.
 *
 * @param reader Stands before the first instruction, and ends after the last.
 * @param importedFunctions How many functions are imported; theirs are the lowest indexes.
 * @returns The weight.
 * @throws {WasmFormatError} If an instruction is not known, or blocks do not match.
 */
export function weigh(reader: WasmReader, importedFunctions: number): Weight {
  const loops: number[] = [];
  // The loop that each open block stands in; -1 for none.
  const blocks: number[] = [-1];
  let entry = 0;
  const callees: number[] = [];
  let leads = false;
  while (!reader.done) {
    const opcode = reader.byte();
    let work = 1;
    const within = blocks.at(-1);
    if (within === undefined) throw new WasmFormatError("Code after the end of a function");
    switch (opcode) {
      case Opcode.loop:
        loops.push(0);
        blocks.push(loops.length - 1);
        break;
      case Opcode.block:
      case Opcode.if:
      case Opcode.try:
      case Opcode.tryTable:
        blocks.push(within);
        break;
      case Opcode.end:
      case Opcode.delegate:
        blocks.pop();
        break;
      case Opcode.call:
      case Opcode.returnCall: {
        const position = reader.position;
        const callee = reader.u32();
        reader.position = position;
        const isImported = callee < importedFunctions;
        work = CALL;
        if (isImported) leads = true;
        else callees.push(callee);
        break;
      }
      case Opcode.callIndirect:
      case Opcode.returnCallIndirect:
      case Opcode.callRef:
      case Opcode.returnCallRef:
        work = INDIRECT_CALL;
        leads = true;
        break;
    }
    skipImmediates(reader, opcode);
    if (within === -1) entry = Math.min(MOST, entry + work);
    else loops[within] = Math.min(MOST, (loops[within] ?? 0) + work);
  }
  if (blocks.length > 0) throw new WasmFormatError("A function without its end");
  return { entry, loops, leads, callees };
}
