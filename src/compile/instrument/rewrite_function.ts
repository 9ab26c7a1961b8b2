/**
 * Rewrites the code of one function.
 *
 * @module
 */

import type { Additions } from "./additions.ts";
import { Opcode, skipImmediates, skipValueType } from "./instructions.ts";
import type { ModuleShape } from "./module_shape.ts";
import { WasmFormatError, WasmReader } from "./wasm_reader.ts";
import type { WasmWriter } from "./wasm_writer.ts";
import { weigh, type Weight } from "./weigh.ts";

/** How much work the loops of one call do before fuel is taken for it. */
const SLICE = 300;
/** After how many instructions in a row, branches or not, the work is charged once more. */
const STRETCH = 500;
/** What a call of an imported function counts: through jco's glue the host takes microseconds. */
const IMPORTED_CALL = 3_000;
/** V8 takes no function with more locals. */
const MOST_LOCALS = 50_000;

const I32 = 0x7f;
const I64 = 0x7e;
const EMPTY_BLOCK = 0x40;

/** Where a function stands. */
export interface FunctionSource {
  /** The function's body: its locals and its instructions. */
  readonly body: Uint8Array;
  /** How many parameters it has. */
  readonly parameters: number;
  /** How much work it does. */
  readonly weight: Weight;
  /** Whether it takes fuel at its entry. */
  readonly isCharged: boolean;
}

/** What functions of one module are rewritten with. */
export interface RewriteContext {
  /** The module. */
  readonly shape: ModuleShape;
  /** What is added to it. */
  readonly additions: Additions;
}

/**
 * Rewrites a function: its entry, its loops and what moves many bytes take fuel, and its memories
 * grow only as far as the host lets them.
 *
 * @param source The function.
 * @param context Its module, and what is added to that.
 * @param out Takes the new body, without its size.
 * @returns Where in the new body the branches stand that are hardly ever taken.
 * @throws {WasmFormatError} If the function is malformed, or cannot be rewritten.
 */
export function rewriteFunction(
  source: FunctionSource,
  context: RewriteContext,
  out: WasmWriter,
): readonly number[] {
  const { shape, additions } = context;
  const { reader, locals, groups } = readLocals(source);
  const { weight } = source;

  // Three more locals: what is left of the slice, and the lengths of bulk operations.
  out.u32(groups.count + 2);
  out.raw(groups.bytes);
  out.raw([2, I32, 1, I64]);
  const slice = locals;
  const lengths = { short: locals + 1, long: locals + 2 };
  const unlikely: number[] = [];
  if (source.isCharged) {
    const hasLoops = weight.loops.length > 0;
    const work = weight.entry + (hasLoops ? SLICE : 0);
    unlikely.push(takeFuel(out, additions, { spare: lengths.short, work }));
    if (hasLoops) setSlice(out, slice);
  }

  let copied = reader.position;
  let nextLoop = 0;
  let stretch = 0;
  const takeWork = (work: number) => {
    unlikely.push(chargeWork(out, additions, { slice, work }));
    stretch = 0;
  };
  const flush = (end: number) => {
    out.raw(source.body.subarray(copied, end));
    copied = end;
  };
  while (!reader.done) {
    if (++stretch > STRETCH) {
      flush(reader.position);
      takeWork(STRETCH);
    }
    const start = reader.position;
    const opcode = reader.byte();
    if (callsImport(reader, opcode, shape)) {
      flush(start);
      takeWork(IMPORTED_CALL);
    }
    if (opcode === Opcode.memoryGrow) {
      flush(start);
      const memory = reader.u32();
      copied = reader.position;
      call(out, additions.grow(memory));
      continue;
    }
    const bulk = bulkOperation(reader, opcode);
    if (bulk === undefined) {
      skipImmediates(reader, opcode);
      if (opcode === Opcode.loop) {
        flush(reader.position);
        takeWork(weight.loops[nextLoop++] ?? 1);
      }
      continue;
    }
    flush(start);
    if (bulk.kind === "replaced") {
      copied = reader.position;
      call(out, bulk.by(additions));
      continue;
    }
    const is64 = bulk.is64(shape);
    chargeLength(out, additions, { local: is64 ? lengths.long : lengths.short, is64 });
  }
  flush(reader.position);
  return unlikely;
}

/**
 * Weighs a function.
 *
 * @param source Its body.
 * @param importedFunctions How many functions its module imports.
 * @returns The weight.
 * @throws {WasmFormatError} If the function is malformed.
 */
export function weighFunction(
  source: Pick<FunctionSource, "body" | "parameters">,
  importedFunctions: number,
): Weight {
  return weigh(readLocals(source).reader, importedFunctions);
}

/** Reads the locals; leaves the reader before the first instruction. */
function readLocals({ body, parameters }: Pick<FunctionSource, "body" | "parameters">) {
  const reader = new WasmReader(body);
  const count = reader.u32();
  const start = reader.position;
  let locals = parameters;
  for (let left = count; left > 0; left--) {
    locals += reader.u32();
    skipValueType(reader);
  }
  if (locals + 3 > MOST_LOCALS) throw new WasmFormatError(`A function with ${locals} locals`);
  return { reader, locals, groups: { count, bytes: body.subarray(start, reader.position) } };
}

function callsImport(reader: WasmReader, opcode: number, shape: ModuleShape): boolean {
  if (opcode !== Opcode.call && opcode !== Opcode.returnCall) return false;
  const start = reader.position;
  const callee = reader.u32();
  reader.position = start;
  return callee < shape.importedFunctions;
}

type BulkOperation =
  | { readonly kind: "replaced"; readonly by: (additions: Additions) => number }
  | { readonly kind: "charged"; readonly is64: (shape: ModuleShape) => boolean };

/** Array operations that take a length, by the opcode behind their prefix. */
const ARRAY_OPERATIONS: ReadonlySet<number> = new Set([6, 7, 9, 10, 16, 17, 18, 19]);

/** Reads a bulk operation; leaves the reader behind the opcode's first byte where it is none. */
function bulkOperation(reader: WasmReader, opcode: number): BulkOperation | undefined {
  if (opcode !== Opcode.prefixMisc && opcode !== Opcode.prefixGc) return undefined;
  const start = reader.position;
  const code = reader.u32();
  const never = () => false;
  let operation: BulkOperation | undefined;
  if (opcode === Opcode.prefixGc) {
    if (ARRAY_OPERATIONS.has(code)) operation = { kind: "charged", is64: never };
  } else if (code === 11) {
    const memory = reader.u32();
    return { kind: "replaced", by: (additions) => additions.fill(memory) };
  } else if (code === 10) {
    const [to, from] = [reader.u32(), reader.u32()];
    return { kind: "replaced", by: (additions) => additions.copy(to, from) };
  } else if (code === 8 || code === 12) { // memory.init, table.init
    operation = { kind: "charged", is64: never };
  } else if (code === 14) { // table.copy
    const [to, from] = [reader.u32(), reader.u32()];
    operation = {
      kind: "charged",
      is64: ({ tables }) => tables[to]?.is64 === true && tables[from]?.is64 === true,
    };
  } else if (code === 15 || code === 17) { // table.grow, table.fill
    const table = reader.u32();
    operation = { kind: "charged", is64: ({ tables }) => tables[table]?.is64 === true };
  }
  reader.position = start;
  if (operation !== undefined) skipImmediates(reader, opcode);
  return operation;
}

/** At the entry of a function. Returns where the branch to the slow path stands. */
function takeFuel(
  out: WasmWriter,
  { fuel, charge }: Additions,
  { spare, work }: { readonly spare: number; readonly work: number },
): number {
  out.byte(Opcode.globalGet);
  out.u32(fuel);
  out.byte(Opcode.i32Const);
  out.s32(work);
  out.raw([0x6b, Opcode.localTee]); // i32.sub
  out.u32(spare);
  out.byte(Opcode.globalSet);
  out.u32(fuel);
  out.byte(Opcode.localGet);
  out.u32(spare);
  out.raw([Opcode.i32Const, 0, 0x48]); // i32.lt_s
  const branch = out.length;
  out.raw([Opcode.if, EMPTY_BLOCK, Opcode.i32Const, 0]);
  call(out, charge);
  out.byte(Opcode.end);
  return branch;
}

/**
 * At the start of every pass through a loop, and on the way; a local is cheaper to count in than a
 * global. Returns where the branch to the slow path stands.
 */
function chargeWork(
  out: WasmWriter,
  { charge }: Additions,
  { slice, work }: { readonly slice: number; readonly work: number },
): number {
  out.byte(Opcode.localGet);
  out.u32(slice);
  out.byte(Opcode.i32Const);
  out.s32(work);
  out.raw([0x6b, Opcode.localTee]); // i32.sub
  out.u32(slice);
  out.raw([Opcode.i32Const, 0, 0x48]); // i32.lt_s
  const branch = out.length;
  out.raw([Opcode.if, EMPTY_BLOCK, Opcode.i32Const]);
  out.s32(SLICE + work);
  call(out, charge);
  setSlice(out, slice);
  out.byte(Opcode.end);
  return branch;
}

function setSlice(out: WasmWriter, slice: number): void {
  out.byte(Opcode.i32Const);
  out.s32(SLICE);
  out.byte(Opcode.localSet);
  out.u32(slice);
}

/** Before an operation whose length is on top of the stack. */
function chargeLength(
  out: WasmWriter,
  { charge }: Additions,
  { local, is64 }: { readonly local: number; readonly is64: boolean },
): void {
  out.byte(Opcode.localTee);
  out.u32(local);
  out.byte(Opcode.localGet);
  out.u32(local);
  if (is64) out.byte(0xa7); // i32.wrap_i64
  call(out, charge);
}

function call(out: WasmWriter, index: number): void {
  out.byte(Opcode.call);
  out.u32(index);
}
