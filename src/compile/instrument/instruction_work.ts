/**
 * How much work there is in an instruction, so that code can be charged for it. One unit of work is
 * what a processor does in one or two cycles; where an instruction may take longer, this is closer
 * to the worst case than to the usual one.
 *
 * @module
 */

import { Opcode } from "./instructions.ts";

/** A call, without what the function does. */
export const CALL = 8;
/** What a call takes of a function that is not known yet, because it leads back in a circle. */
export const CIRCULAR_CALL = 128;
/** What a call takes whose target is only known when it runs; it may be the host's. */
const INDIRECT_CALL = 256;
/** What a call of an imported function takes: most are the host's, and take microseconds. */
export const IMPORTED_CALL = 2_048;
/** What the passes of a loop take that are not paid. */
export const LOOP = 256;
/** What a loop must find left, so that no fuel has to be taken in every pass of a small one. */
export const LOOP_RESERVE = 512;
/** Finding the handler of an exception. */
const THROW = 512;
/** An instruction that V8 leaves to its runtime: bulk operations, apart from their lengths. */
const RUNTIME = 64;
/** A new structure or array. */
const ALLOCATION = 32;
const DIVISION = 16;
const ATOMIC = 16;
const SIMD = 4;
const REFERENCE = 4;
const ACCESS = 2;

/** The work by single-byte opcode; of calls, what they take at least. */
const WORK: Uint16Array = workByOpcode();

function workByOpcode(): Uint16Array {
  const work = new Uint16Array(256).fill(1);
  const set = (amount: number, ...opcodes: readonly number[]) => {
    for (const opcode of opcodes) work[opcode] = amount;
  };
  set(INDIRECT_CALL, Opcode.callIndirect, Opcode.returnCallIndirect);
  set(INDIRECT_CALL, Opcode.callRef, Opcode.returnCallRef);
  set(THROW, Opcode.throw, Opcode.rethrow, Opcode.throwRef);
  set(RUNTIME, Opcode.memoryGrow, Opcode.prefixMisc);
  set(REFERENCE, 0x25, 0x26, Opcode.prefixGc); // table.get, table.set
  work.fill(ACCESS, 0x28, 0x3f); // loads and stores
  set(DIVISION, 0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82); // integer div and rem
  set(DIVISION, 0x91, 0x95, 0x9f, 0xa3); // sqrt and div of f32 and f64
  set(SIMD, Opcode.prefixSimd);
  set(ATOMIC, Opcode.prefixAtomic);
  return work;
}

/** The opcodes behind the prefix of garbage collection that make something. */
const MAKES: ReadonlySet<number> = new Set([0, 1, 6, 7, 8, 9, 10]);

/**
 * Tells the work of an instruction.
 *
 * @param opcode The opcode, or the first byte of it.
 * @returns The work, without that of a length that is only known when it runs.
 */
export function workOf(opcode: number): number {
  return WORK[opcode] ?? 1;
}

/**
 * Tells the work of an instruction of garbage collection.
 *
 * @param code The opcode behind the prefix.
 * @param count How many elements it takes from the stack, where the code says so.
 * @returns The work, without that of a length that is only known when it runs.
 */
export function workOfGc(code: number, count: number): number {
  return (MAKES.has(code) ? ALLOCATION : REFERENCE) + count;
}
