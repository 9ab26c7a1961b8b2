/**
 * The code that takes fuel.
 *
 * @module
 */

import type { CodeWriter } from "./code_writer.ts";
import { EMPTY_BLOCK, Opcode } from "./instructions.ts";
import type { WasmWriter } from "./wasm_writer.ts";

/** How much work a call may do in loops for nothing, in the units of `instruction_work.ts`. */
const FREE_WORK = 4_096;
/** The least and the most passes of loops that a call has for nothing. */
const FREE_PASSES = { least: 8, most: 32 } as const;
/** In the binary format. */
const MINUS_ONE = 0x7f;
/** Lengths up to this are paid with the instruction, in bytes. */
const SHORT = 1_024;
/** The most that is charged for one length: more than there ever is, and no overflow. */
const MOST_FUEL = 2 ** 29;

/** The indexes of what code refers to that takes fuel. */
export interface FuelIndexes {
  /** The global that holds the fuel. */
  readonly fuel: number;
  /** The function `() -> ()` that asks the host for fuel. */
  readonly refill: number;
  /** The function `(passes bought before) -> (passes bought)` that pays for passes of a loop. */
  readonly advance: number;
  /** The function `(length, shift) -> (length)` that pays for an operation on many things. */
  chargeLength(is64: boolean): number;
}

/** How much longer a length is than the fuel for it, as a power of two. */
export const LengthShift = {
  /** For bytes of memory: 64 of them take some nanoseconds. */
  bytes: 6,
  /** For elements of tables and arrays: 8 of them take up to 100 ns. */
  elements: 3,
} as const;

/**
 * Takes a known amount of fuel.
 *
 * @param out Takes the code, which leaves the stack as it is.
 * @param indexes What the code refers to.
 * @param amount How much fuel.
 */
export function charge(out: CodeWriter, indexes: FuelIndexes, amount: number): void {
  spend(out, indexes, () => {
    out.byte(Opcode.i32Const);
    out.s32(amount);
  });
}

/**
 * Takes an amount of fuel that is computed.
 *
 * @param out Takes the code, which leaves the stack as it is.
 * @param indexes What the code refers to.
 * @param pushAmount Writes the code that pushes the amount: an i32 that is not negative.
 */
export function spend(
  out: CodeWriter,
  { fuel, refill }: Pick<FuelIndexes, "fuel" | "refill">,
  pushAmount: () => void,
): void {
  out.indexed(Opcode.globalGet, fuel);
  pushAmount();
  out.byte(Opcode.i32Sub);
  out.indexed(Opcode.globalSet, fuel);
  out.indexed(Opcode.globalGet, fuel);
  out.raw([Opcode.i32Const, 0, Opcode.i32LtS]);
  out.unlikelyBranch(Opcode.if, EMPTY_BLOCK);
  out.indexed(Opcode.call, refill);
  out.byte(Opcode.end);
}

/** What a wrapped loop is made with. */
export interface LoopOptions {
  /** The type of the loop's block, in the binary format. */
  readonly blockType: Uint8Array;
  /** The local that counts the passes that were paid; the next one holds how many were bought. */
  readonly local: number;
}

/**
 * Begins a loop that takes fuel for its passes, in a second loop. The inner one only counts them
 * down; when none are left, it goes to the outer one, which buys more. A call within the inner loop
 * would cost far more, though it is hardly ever made: V8 then neither unrolls the loop nor keeps
 * the memory's address in a register. Whoever ends the loop must end both.
 *
 * ```wat
 * (loop $buy
 *   (if (i32.eqz (local.get $paid))
 *     (then (local.set $paid (local.tee $bought (call $advance (local.get $bought))))))
 *   (loop $pass
 *     (br_if $buy
 *       (i32.eqz (local.tee $paid (i32.add (local.get $paid) (i32.const -1)))))
 * ```
 *
 * @param out Takes the code.
 * @param indexes What the code refers to.
 * @param options The loop's type, and the locals.
 */
export function beginLoop(
  out: CodeWriter,
  indexes: FuelIndexes,
  { blockType, local }: LoopOptions,
): void {
  out.byte(Opcode.loop);
  out.raw(blockType);
  out.indexed(Opcode.localGet, local);
  out.byte(Opcode.i32Eqz);
  out.unlikelyBranch(Opcode.if, EMPTY_BLOCK);
  out.indexed(Opcode.localGet, local + 1);
  out.indexed(Opcode.call, indexes.advance);
  out.indexed(Opcode.localTee, local + 1);
  out.indexed(Opcode.localSet, local);
  out.raw([Opcode.end, Opcode.loop]);
  out.raw(blockType);
  out.indexed(Opcode.localGet, local);
  out.raw([Opcode.i32Const, MINUS_ONE, Opcode.i32Add]);
  out.indexed(Opcode.localTee, local);
  out.byte(Opcode.i32Eqz);
  out.unlikelyBranch(Opcode.brIf, 1);
}

/**
 * Gives the first passes of a call's loops for nothing: most loops are short, and most calls that
 * come to a loop would otherwise pay for one.
 *
 * @param out Takes the code, which stands at the start of the function.
 * @param options The local that counts the passes that were paid, and the most work of one pass.
 */
export function grantPasses(
  out: WasmWriter,
  { local, work }: { readonly local: number; readonly work: number },
): void {
  const { least, most } = FREE_PASSES;
  out.byte(Opcode.i32Const);
  out.s32(Math.max(least, Math.min(most, Math.floor(FREE_WORK / work))));
  out.indexed(Opcode.localSet, local);
}

/**
 * Takes fuel for the length that is on top of the stack, and leaves it there.
 *
 * @param out Takes the code.
 * @param indexes What the code refers to.
 * @param options The length's shift, one of {@linkcode LengthShift}, and whether it has 64 bits.
 */
export function chargeLength(
  out: CodeWriter,
  indexes: FuelIndexes,
  { shift, is64 }: { readonly shift: number; readonly is64: boolean },
): void {
  out.raw([Opcode.i32Const, shift]);
  out.indexed(Opcode.call, indexes.chargeLength(is64));
}

/** An operation on a length that is on top of the stack. */
export interface BulkOptions {
  /** The operation itself, in the binary format. */
  readonly instruction: Uint8Array;
  /** The function that does the same in pieces, and pays for them. */
  readonly function: { readonly index: number; readonly type: number; readonly is64: boolean };
  /** A local for the length. */
  readonly local: number;
}

/**
 * Does an operation if its length is small, and calls a function in its place otherwise. Most
 * lengths are small, and a function's call takes longer than such an operation.
 *
 * @param out Takes the code.
 * @param options The operation and the function.
 */
export function bulk(
  out: CodeWriter,
  { instruction, function: { index, type, is64 }, local }: BulkOptions,
): void {
  out.indexed(Opcode.localTee, local);
  out.indexed(Opcode.localGet, local);
  out.byte(is64 ? Opcode.i64Const : Opcode.i32Const);
  out.s32(SHORT);
  out.raw([is64 ? Opcode.i64GtU : Opcode.i32GtU, Opcode.if]);
  out.s32(type);
  out.indexed(Opcode.call, index);
  out.byte(Opcode.else);
  out.raw(instruction);
  out.byte(Opcode.end);
}

/**
 * Writes the code that pushes the fuel for a length: the body of {@linkcode FuelIndexes.chargeLength}.
 *
 * @param out Takes the code; the length is in its local 0, the shift in its local 1.
 * @param is64 Whether the length has 64 bits.
 */
export function pushLengthFuel(out: CodeWriter, is64: boolean): void {
  const pushFuel = () => {
    out.raw([Opcode.localGet, 0, ...(is64 ? [] : [Opcode.i64ExtendI32U])]);
    out.raw([Opcode.localGet, 1, Opcode.i64ExtendI32U, Opcode.i64ShrU]);
  };
  const pushMost = () => {
    out.byte(Opcode.i64Const);
    out.s32(MOST_FUEL);
  };
  pushFuel();
  pushMost();
  pushFuel();
  pushMost();
  out.raw([Opcode.i64LtU, Opcode.select, Opcode.i32WrapI64]);
}
