/**
 * The code of the functions that stand for `memory.fill`, `memory.copy` and `memory.grow`.
 *
 * @module
 */

import { charge, type FuelIndexes, LengthShift } from "./charges.ts";
import type { CodeWriter } from "./code_writer.ts";
import { BulkCode, EMPTY_BLOCK, Opcode } from "./instructions.ts";

const I64 = 0x7e;
/** The size of a page of linear memory, as a power of two. */
const PAGE_SHIFT = 16;
/**
 * How many bytes are filled or copied at once. 256 MiB take 30 to 120 ms; these take 2 ms at most,
 * and the time is looked at between.
 */
const CHUNK = 4 * 1_048_576;

/** The fuel for a memory's growth, which takes V8 up to 50 µs. */
const GROWTH_FUEL = 64;

/** The parameters of the functions that fill and copy. */
const TARGET = 0;
const SOURCE = 1;
const LENGTH = 2;

/**
 * Writes the code of `(target, value, length) -> ()`.
 *
 * @param code Takes the code.
 * @param indexes What the code refers to.
 * @param options The memory, and the type of its addresses.
 */
export function memoryFill(
  code: CodeWriter,
  indexes: FuelIndexes,
  { memory, address }: { readonly memory: number; readonly address: number },
): void {
  const fill = (pushLength: () => void) => {
    code.raw([Opcode.localGet, TARGET, Opcode.localGet, SOURCE]);
    pushLength();
    code.raw([Opcode.prefixMisc, BulkCode.memoryFill]);
    code.u32(memory);
  };
  const length = arithmetic(code, address);
  writeInChunks(code, {
    indexes,
    length,
    pushIsBeyond: () => pushIsBeyond(code, { memory, local: TARGET, address, length }),
    whole: () => fill(() => code.raw([Opcode.localGet, LENGTH])),
    chunks: () => {
      loopOverChunks(code, indexes, length, () => {
        fill(() => length.push(CHUNK));
        length.move(TARGET, length.add);
        length.move(LENGTH, length.subtract);
      });
    },
  });
}

/**
 * Writes the code of `(target, source, length) -> ()`.
 *
 * @param code Takes the code.
 * @param indexes What the code refers to.
 * @param options The memories, written and read; the types of their addresses; the length's type.
 */
export function memoryCopy(
  code: CodeWriter,
  indexes: FuelIndexes,
  options: {
    readonly memories: readonly [to: number, from: number];
    readonly addresses: readonly [to: number, from: number];
    readonly length: number;
  },
): void {
  const [to, from] = options.memories;
  const target = arithmetic(code, options.addresses[0]);
  const source = arithmetic(code, options.addresses[1]);
  const length = arithmetic(code, options.length);
  const copy = () => {
    code.raw([Opcode.prefixMisc, BulkCode.memoryCopy]);
    code.u32(to);
    code.u32(from);
  };
  const fromStart = () => {
    loopOverChunks(code, indexes, length, () => {
      code.raw([Opcode.localGet, TARGET, Opcode.localGet, SOURCE]);
      length.push(CHUNK);
      copy();
      target.move(TARGET, target.add);
      source.move(SOURCE, source.add);
      length.move(LENGTH, length.subtract);
    });
  };
  const fromEnd = () => {
    loopOverChunks(code, indexes, length, () => {
      length.move(LENGTH, length.subtract);
      for (const local of [TARGET, SOURCE]) {
        code.raw([Opcode.localGet, local, Opcode.localGet, LENGTH, length.add]);
      }
      length.push(CHUNK);
      copy();
    });
  };
  writeInChunks(code, {
    indexes,
    length,
    pushIsBeyond: () => {
      pushIsBeyond(code, { memory: to, local: TARGET, address: options.addresses[0], length });
      pushIsBeyond(code, { memory: from, local: SOURCE, address: options.addresses[1], length });
      code.byte(Opcode.i32Or);
    },
    whole: () => {
      code.raw([Opcode.localGet, TARGET, Opcode.localGet, SOURCE, Opcode.localGet, LENGTH]);
      copy();
    },
    chunks: () => {
      if (to !== from) return fromStart();
      // Where the target is behind the source, a copy from the start would overwrite the source.
      code.raw([Opcode.localGet, TARGET, Opcode.localGet, SOURCE, target.isAbove]);
      code.raw([Opcode.if, EMPTY_BLOCK]);
      fromEnd();
      code.byte(Opcode.else);
      fromStart();
      code.byte(Opcode.end);
    },
  });
}

/**
 * Writes the code of `(pages) -> (pages before, or -1)`. The host is asked before, and told when
 * the memory did not grow after all, by the same number of pages below zero.
 *
 * @param code Takes the code.
 * @param indexes What the code refers to.
 * @param options The memory, the type of its addresses, and what calls the host's function
 * `(memory: i32, pages: i64) -> i32`.
 */
export function memoryGrow(
  code: CodeWriter,
  indexes: FuelIndexes,
  { memory, address, callHook }: {
    readonly memory: number;
    readonly address: number;
    readonly callHook: () => void;
  },
): void {
  const is64 = address === I64;
  const pages = arithmetic(code, address);
  const pushMemory = () => {
    code.byte(Opcode.i32Const);
    code.s32(memory);
  };
  const pushPages = () => {
    code.raw([Opcode.localGet, 0]);
    if (!is64) code.byte(Opcode.i64ExtendI32U);
  };
  const giveUp = () => {
    pages.push(-1);
    code.byte(Opcode.return);
  };
  if (is64) { // no memory has so many pages, and the hook takes them for a number with a sign
    pushPages();
    code.raw([Opcode.i64Const, PAGE_SHIFT * 2, Opcode.i64ShrU, Opcode.i64Const, 0]);
    code.raw([Opcode.i64GtU, Opcode.if, EMPTY_BLOCK]);
    giveUp();
    code.byte(Opcode.end);
  }
  charge(code, indexes, GROWTH_FUEL);
  pushMemory();
  pushPages();
  callHook();
  code.raw([Opcode.i32Eqz, Opcode.if, EMPTY_BLOCK]);
  giveUp();
  code.raw([Opcode.end, Opcode.localGet, 0]);
  code.indexed(Opcode.memoryGrow, memory);
  code.raw([Opcode.localTee, 1]);
  pages.push(-1);
  code.raw([pages.equals, Opcode.if, EMPTY_BLOCK]);
  pushMemory();
  code.raw([Opcode.i64Const, 0]);
  pushPages();
  code.byte(Opcode.i64Sub);
  callHook();
  code.raw([Opcode.drop, Opcode.end, Opcode.localGet, 1]);
}

/** What is done in chunks. */
interface ChunkedOperation {
  readonly indexes: FuelIndexes;
  readonly length: Arithmetic;
  /** Writes the code that pushes whether the operation leaves the memory. */
  readonly pushIsBeyond: () => void;
  /** Writes the operation itself. */
  readonly whole: () => void;
  /** Writes the operation on all chunks but the last. */
  readonly chunks: () => void;
}

/** An operation that leaves the memory must do nothing but trap, so that is looked at first. */
function writeInChunks(code: CodeWriter, operation: ChunkedOperation): void {
  const { indexes, length, pushIsBeyond, whole, chunks } = operation;
  code.raw([Opcode.localGet, LENGTH]);
  length.push(CHUNK);
  code.raw([length.isAbove, Opcode.if, EMPTY_BLOCK]);
  pushIsBeyond();
  code.raw([Opcode.if, EMPTY_BLOCK]);
  whole();
  code.byte(Opcode.end);
  chunks();
  code.byte(Opcode.end);
  code.raw([Opcode.localGet, LENGTH, Opcode.i32Const, LengthShift.bytes]);
  code.indexed(Opcode.call, indexes.chargeLength(length.type === I64));
  code.byte(Opcode.drop);
  whole();
}

/** Repeats something as long as more than a chunk is left, and pays for each chunk. */
function loopOverChunks(
  code: CodeWriter,
  indexes: FuelIndexes,
  length: Arithmetic,
  write: () => void,
): void {
  code.raw([Opcode.loop, EMPTY_BLOCK]);
  length.push(CHUNK);
  code.raw([Opcode.i32Const, LengthShift.bytes]);
  code.indexed(Opcode.call, indexes.chargeLength(length.type === I64));
  code.byte(Opcode.drop);
  write();
  code.raw([Opcode.localGet, LENGTH]);
  length.push(CHUNK);
  code.raw([length.isAbove, Opcode.brIf, 0, Opcode.end]);
}

/** Pushes whether a range of a memory ends behind the memory's end. */
function pushIsBeyond(
  code: CodeWriter,
  { memory, local, address, length }: {
    readonly memory: number;
    readonly local: number;
    readonly address: number;
    readonly length: Arithmetic;
  },
): void {
  const push = (index: number, type: number) => {
    code.raw([Opcode.localGet, index]);
    if (type !== I64) code.byte(Opcode.i64ExtendI32U);
  };
  const pushSize = () => {
    code.indexed(Opcode.memorySize, memory);
    if (address !== I64) code.byte(Opcode.i64ExtendI32U);
    code.raw([Opcode.i64Const, PAGE_SHIFT, Opcode.i64Shl]);
  };
  push(LENGTH, length.type);
  pushSize();
  code.byte(Opcode.i64GtU);
  push(local, address);
  pushSize();
  push(LENGTH, length.type);
  code.raw([Opcode.i64Sub, Opcode.i64GtU, Opcode.i32Or]);
}

/** How one of the two kinds of address is computed with. */
interface Arithmetic {
  readonly type: number;
  readonly add: number;
  readonly subtract: number;
  /** Greater, without a sign. */
  readonly isAbove: number;
  readonly equals: number;
  /** Pushes a number. */
  push(value: number): void;
  /** Moves a local by a chunk. */
  move(local: number, by: number): void;
}

function arithmetic(code: CodeWriter, type: number): Arithmetic {
  const push = (value: number) => {
    code.byte(type === I64 ? Opcode.i64Const : Opcode.i32Const);
    code.s32(value);
  };
  const move = (local: number, by: number) => {
    code.raw([Opcode.localGet, local]);
    push(CHUNK);
    code.raw([by, Opcode.localSet, local]);
  };
  return type === I64
    ? {
      type,
      add: Opcode.i64Add,
      subtract: Opcode.i64Sub,
      isAbove: Opcode.i64GtU,
      equals: Opcode.i64Eq,
      push,
      move,
    }
    : {
      type,
      add: Opcode.i32Add,
      subtract: Opcode.i32Sub,
      isAbove: Opcode.i32GtU,
      equals: Opcode.i32Eq,
      push,
      move,
    };
}
