/**
 * The immediates of every instruction of WebAssembly 3.0, as far as they must be known to find the
 * next instruction.
 *
 * Source: https://webassembly.github.io/spec/core/binary/instructions.html, and the legacy
 * exception handling that V8 still accepts.
 *
 * @module
 */

import { WasmFormatError, type WasmReader } from "./wasm_reader.ts";

/** The opcodes that the instrumentation looks at, or writes. */
export const Opcode = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  callRef: 0x14,
  returnCallRef: 0x15,
  delegate: 0x18,
  catchAll: 0x19,
  drop: 0x1a,
  select: 0x1b,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i64Eq: 0x51,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  prefixGc: 0xfb,
  prefixMisc: 0xfc,
  prefixSimd: 0xfd,
  prefixAtomic: 0xfe,
} as const;

/** The opcodes behind `prefixMisc` that work on many bytes or elements. */
export const BulkCode = {
  memoryInit: 8,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  tableCopy: 14,
  tableGrow: 15,
  tableFill: 17,
} as const;

/** The opcodes behind `prefixGc` that the instrumentation looks at. */
export const GcCode = {
  arrayNewFixed: 8,
  brOnCast: 24,
  brOnCastFail: 25,
} as const;

/** The type of a block without parameters and results. */
export const EMPTY_BLOCK = 0x40;

const NONE = 0;
const LEB = 1;
const LEB_LEB = 2;
const BLOCK = 3;
const MEMARG = 4;
const SPECIAL = 5;
const UNKNOWN = 6;

/** The kind of immediates by single-byte opcode. */
const KINDS: Uint8Array = kindsByOpcode();

function kindsByOpcode(): Uint8Array {
  const kinds = new Uint8Array(256).fill(UNKNOWN);
  const set = (kind: number, first: number, last = first) => kinds.fill(kind, first, last + 1);
  set(NONE, 0x00, 0x01); // unreachable, nop
  set(BLOCK, 0x02, 0x04); // block, loop, if
  set(NONE, 0x05); // else
  set(BLOCK, 0x06); // try (legacy)
  set(LEB, 0x07, 0x09); // catch, throw, rethrow (legacy)
  set(NONE, 0x0a, 0x0b); // throw_ref, end
  set(LEB, 0x0c, 0x0d); // br, br_if
  set(SPECIAL, 0x0e); // br_table
  set(NONE, 0x0f); // return
  set(LEB, 0x10); // call
  set(LEB_LEB, 0x11); // call_indirect
  set(LEB, 0x12); // return_call
  set(LEB_LEB, 0x13); // return_call_indirect
  set(LEB, 0x14, 0x15); // call_ref, return_call_ref
  set(LEB, 0x18); // delegate (legacy)
  set(NONE, 0x19, 0x1b); // catch_all (legacy), drop, select
  set(SPECIAL, 0x1c); // select with types
  set(SPECIAL, 0x1f); // try_table
  set(LEB, 0x20, 0x26); // local.*, global.*, table.get, table.set
  set(MEMARG, 0x28, 0x3e); // loads and stores
  set(LEB, 0x3f, 0x42); // memory.size, memory.grow, i32.const, i64.const
  set(SPECIAL, 0x43, 0x44); // f32.const, f64.const
  set(NONE, 0x45, 0xc4); // numbers
  set(LEB, 0xd0); // ref.null
  set(NONE, 0xd1); // ref.is_null
  set(LEB, 0xd2); // ref.func
  set(NONE, 0xd3, 0xd4); // ref.eq, ref.as_non_null
  set(LEB, 0xd5, 0xd6); // br_on_null, br_on_non_null
  set(SPECIAL, 0xfb, 0xfe); // prefixes
  return kinds;
}

/**
 * Passes over the immediates of an instruction.
 *
 * @param reader Stands behind the opcode.
 * @param opcode The opcode, or the first byte of it.
 * @throws {WasmFormatError} If the opcode is not known.
 */
export function skipImmediates(reader: WasmReader, opcode: number): void {
  switch (KINDS[opcode]) {
    case NONE:
      return;
    case LEB:
      return reader.skipLeb();
    case LEB_LEB:
      reader.skipLeb();
      return reader.skipLeb();
    case BLOCK:
      return skipBlockType(reader);
    case MEMARG:
      return skipMemarg(reader);
    case SPECIAL:
      return skipSpecial(reader, opcode);
    default:
      throw unknown(opcode.toString(16));
  }
}

/**
 * Passes over a value type.
 *
 * @param reader Stands before the type.
 */
export function skipValueType(reader: WasmReader): void {
  const code = reader.byte();
  if (code === 0x63 || code === 0x64) reader.skipLeb(); // (ref null ht), (ref ht)
}

/**
 * Passes over a constant expression.
 *
 * @param reader Stands before the expression.
 */
export function skipExpression(reader: WasmReader): void {
  for (let opcode = reader.byte(); opcode !== Opcode.end; opcode = reader.byte()) {
    skipImmediates(reader, opcode);
  }
}

function skipSpecial(reader: WasmReader, opcode: number): void {
  switch (opcode) {
    case 0x0e: // br_table
      for (let left = reader.u32() + 1; left > 0; left--) reader.skipLeb();
      return;
    case 0x1c: // select with types
      for (let left = reader.u32(); left > 0; left--) skipValueType(reader);
      return;
    case 0x1f: // try_table
      return skipTryTable(reader);
    case 0x43:
      return reader.skip(4);
    case 0x44:
      return reader.skip(8);
    case Opcode.prefixGc:
      return skipGc(reader, reader.u32());
    case Opcode.prefixMisc:
      return skipMisc(reader, reader.u32());
    case Opcode.prefixSimd:
      return skipSimd(reader, reader.u32());
    case Opcode.prefixAtomic:
      return skipAtomic(reader, reader.u32());
  }
}

/**
 * Passes over the type of a block.
 *
 * @param reader Stands before the type.
 */
export function skipBlockType(reader: WasmReader): void {
  const code = reader.peek();
  if (code === 0x63 || code === 0x64) skipValueType(reader);
  else reader.skipLeb(); // a type index, a value type or 0x40 are all one number
}

function skipMemarg(reader: WasmReader): void {
  const hasMemoryIndex = (reader.u32() & 0x40) !== 0;
  if (hasMemoryIndex) reader.skipLeb();
  reader.skipLeb();
}

function skipTryTable(reader: WasmReader): void {
  skipBlockType(reader);
  for (let left = reader.u32(); left > 0; left--) {
    const hasTag = reader.byte() < 2; // catch, catch_ref; not catch_all, catch_all_ref
    if (hasTag) reader.skipLeb();
    reader.skipLeb();
  }
}

function skipMisc(reader: WasmReader, code: number): void {
  if (code <= 7) return; // saturating truncation
  if (code === 8 || code === 10 || code === 12 || code === 14) return skipLebs(reader, 2);
  if (code <= 17) return reader.skipLeb(); // data.drop, memory.fill, elem.drop, table.grow/size/fill
  if (code >= 19 && code <= 22) return; // wide arithmetic
  throw unknown(`fc ${code.toString(16)}`);
}

function skipSimd(reader: WasmReader, code: number): void {
  if (code <= 11 || code === 92 || code === 93) return skipMemarg(reader);
  if (code === 12 || code === 13) return reader.skip(16); // v128.const, i8x16.shuffle
  if (code >= 21 && code <= 34) return reader.skip(1); // lanes
  if (code >= 84 && code <= 91) {
    skipMemarg(reader);
    return reader.skip(1);
  }
  if (code > 0x113) throw unknown(`fd ${code.toString(16)}`); // the last one of relaxed SIMD
}

function skipAtomic(reader: WasmReader, code: number): void {
  if (code === 1 || code === 2) throw new WasmFormatError("It may wait for another thread");
  if (code === 3) return reader.skip(1); // atomic.fence
  if (code !== 0 && (code < 0x10 || code > 0x4e)) throw unknown(`fe ${code.toString(16)}`);
  skipMemarg(reader);
}

function skipGc(reader: WasmReader, code: number): void {
  if (code <= 1 || code === 6 || code === 7) return reader.skipLeb(); // struct.new, array.new
  if (code <= 5 || code === 8 || code === 9 || code === 10) return skipLebs(reader, 2);
  if (code <= 14) return reader.skipLeb(); // array.get, array.set
  if (code === 15) return; // array.len
  if (code === 16) return reader.skipLeb(); // array.fill
  if (code <= 19) return skipLebs(reader, 2); // array.copy, array.init_*
  if (code <= 23) return reader.skipLeb(); // ref.test, ref.cast
  if (code <= 25) { // br_on_cast, br_on_cast_fail
    reader.skip(1);
    return skipLebs(reader, 3);
  }
  if (code <= 30) return; // conversions, i31
  throw unknown(`fb ${code.toString(16)}`);
}

function skipLebs(reader: WasmReader, count: number): void {
  for (let left = count; left > 0; left--) reader.skipLeb();
}

function unknown(code: string): WasmFormatError {
  return new WasmFormatError(`Unknown opcode 0x${code}`);
}
