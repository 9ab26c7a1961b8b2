/**
 * Rewrites the code of functions.
 *
 * @module
 */

import type { Additions, BulkFunction } from "./additions.ts";
import { beginLoop, bulk, charge, chargeLength, grantPasses, LengthShift } from "./charges.ts";
import { CodeWriter } from "./code_writer.ts";
import { type CallWork, ControlFlow, Frame } from "./control_flow.ts";
import {
  CALL,
  CIRCULAR_CALL,
  IMPORTED_CALL,
  LOOP,
  LOOP_RESERVE,
  workOf,
  workOfGc,
} from "./instruction_work.ts";
import {
  BulkCode,
  GcCode,
  Opcode,
  skipBlockType,
  skipImmediates,
  skipValueType,
} from "./instructions.ts";
import type { ModuleShape } from "./module_shape.ts";
import { WasmFormatError, WasmReader } from "./wasm_reader.ts";
import { WasmWriter } from "./wasm_writer.ts";

/** V8 takes no function with more locals, parameters included. */
const MOST_LOCALS = 50_000;
/** V8 takes no longer function, in bytes. */
const MOST_BYTES = 7_654_321;

/** The locals that are added to a function that needs one of them, three i32 and an i64. */
const ADDED_LOCALS: readonly number[] = [3, 0x7f, 1, 0x7e];
const ADDED_GROUPS = 2;
const ADDED_COUNT = 4;
/** Where they stand: the passes of loops that were paid, and how many were bought last. */
const PAID = 0;
/** A length. */
const LENGTH = 2;
/** A length of 64 bits. */
const LENGTH_64 = 3;

/** The array operations whose length is on top of the stack, by the opcode behind their prefix. */
const ARRAY_OPERATIONS: ReadonlySet<number> = new Set([6, 7, 9, 10, 16, 17, 18, 19]);

/** A function's body as it stands in the module. */
export interface FunctionSource {
  /** Its locals and its instructions. */
  readonly body: Uint8Array;
  /** How many parameters it has. */
  readonly parameters: number;
  /** Its position among the functions that are defined. */
  readonly position: number;
}

/** A function's body after it was rewritten. */
export interface RewrittenFunction {
  /** Its locals and its instructions. */
  readonly body: Uint8Array;
  /** Where its branches stand that are hardly ever taken. */
  readonly unlikely: readonly number[];
}

/** Rewrites the functions of one module, one after the other; see `call_order.ts`. */
export class FunctionRewriter {
  readonly #shape: ModuleShape;
  readonly #additions: Additions;
  /** What calls of the functions take that were rewritten, by position. */
  readonly #callWork: CallWork[] = [];
  readonly #flow = new ControlFlow();
  readonly #code = new CodeWriter();
  readonly #out = new WasmWriter();
  #reader = new WasmReader(new Uint8Array());
  /** Up to where the function was copied. */
  #copied = 0;
  /** The first of the locals that are added; absent if there is no room for them. */
  #locals: number | undefined;
  #usesLocals = false;
  /** The most work of one pass of a loop: that of all instructions, each done once. */
  #passWork = 0;

  /**
   * Makes a rewriter.
   *
   * @param shape The module.
   * @param additions What is added to it.
   */
  constructor(shape: ModuleShape, additions: Additions) {
    this.#shape = shape;
    this.#additions = additions;
  }

  /**
   * Rewrites a function: its calls, its loops and what moves many bytes take fuel, and its memories
   * grow only as far as the host lets them.
   *
   * @param source The function.
   * @returns The function.
   * @throws {WasmFormatError} If the function is malformed, or cannot be rewritten.
   */
  rewrite({ body, parameters, position }: FunctionSource): RewrittenFunction {
    const reader = this.#reader = new WasmReader(body);
    const groups = reader.u32();
    const groupsStart = reader.position;
    let locals = parameters;
    for (let left = groups; left > 0; left--) {
      locals += reader.u32();
      skipValueType(reader);
    }
    const groupsEnd = this.#copied = reader.position;
    this.#locals = locals + ADDED_COUNT <= MOST_LOCALS ? locals : undefined;
    this.#usesLocals = false;
    this.#passWork = 0;
    this.#code.clear();
    this.#flow.begin();
    while (!this.#flow.ended) this.#instruction();
    if (!reader.done) throw new WasmFormatError("Code after the end of a function");
    this.#callWork[position] = this.#flow.callWork;
    this.#copyTo(reader.position);

    const out = this.#out;
    out.clear();
    out.u32(groups + (this.#usesLocals ? ADDED_GROUPS : 0));
    out.part(body, groupsStart, groupsEnd);
    if (this.#usesLocals) {
      out.raw(ADDED_LOCALS);
      grantPasses(out, { local: locals + PAID, work: this.#passWork });
    }
    const codeStart = out.length;
    out.raw(this.#code.written);
    if (out.length > MOST_BYTES) throw new WasmFormatError(`A function of ${body.length} bytes`);
    return {
      body: out.written.slice(),
      unlikely: this.#code.unlikely.map((offset) => codeStart + offset),
    };
  }

  #instruction(): void {
    const reader = this.#reader;
    const flow = this.#flow;
    const start = reader.position;
    const opcode = reader.byte();
    switch (opcode) {
      case Opcode.block:
      case Opcode.try:
      case Opcode.if:
        this.#plain(start, opcode);
        return opcode === Opcode.if ? flow.openIf() : flow.open(Frame.block);
      case Opcode.loop:
        return this.#loop(start);
      case Opcode.tryTable:
        return this.#tryTable();
      case Opcode.else:
        return flow.otherwise();
      case Opcode.catch:
      case Opcode.catchAll:
        skipImmediates(reader, opcode);
        return flow.handle();
      case Opcode.end:
        return this.#end();
      case Opcode.delegate:
        flow.close();
        return this.#label((label) => flow.distance(label));
      case Opcode.br:
      case Opcode.brIf:
      case Opcode.brOnNull:
      case Opcode.brOnNonNull:
        this.#work(start, workOf(opcode));
        this.#branch();
        if (opcode === Opcode.br) flow.stop();
        return;
      case Opcode.brTable:
        this.#work(start, workOf(opcode));
        for (let left = reader.u32() + 1; left > 0; left--) this.#branch();
        return flow.stop();
      case Opcode.rethrow:
        this.#work(start, workOf(opcode));
        this.#label((label) => flow.distance(label));
        return flow.stop();
      case Opcode.return:
        this.#plain(start, opcode);
        return flow.leave();
      case Opcode.unreachable:
      case Opcode.throw:
      case Opcode.throwRef:
        this.#plain(start, opcode);
        return flow.stop();
      case Opcode.call:
      case Opcode.returnCall:
      case Opcode.callIndirect:
      case Opcode.returnCallIndirect:
      case Opcode.callRef:
      case Opcode.returnCallRef:
        return this.#call(start, opcode);
      case Opcode.memoryGrow: {
        this.#work(start, workOf(opcode));
        const memory = reader.u32();
        return this.#replace(start, this.#additions.grow(memory));
      }
      case Opcode.prefixMisc:
        return this.#misc(start);
      case Opcode.prefixGc:
        return this.#gc(start);
      default:
        return this.#plain(start, opcode);
    }
  }

  /** An instruction that stays as it is. */
  #plain(start: number, opcode: number): void {
    this.#work(start, workOf(opcode));
    skipImmediates(this.#reader, opcode);
  }

  #call(start: number, opcode: number): void {
    const reader = this.#reader;
    const operands = reader.position;
    const isKnown = opcode === Opcode.call || opcode === Opcode.returnCall;
    const target = isKnown ? reader.u32() - this.#shape.importedFunctions : undefined;
    reader.position = operands;
    if (target === undefined) this.#work(start, workOf(opcode), true);
    else if (target < 0) this.#work(start, IMPORTED_CALL, true);
    else this.#knownCall(start, this.#callWork[target]);
    skipImmediates(reader, opcode);
    const returns = opcode === Opcode.returnCall || opcode === Opcode.returnCallIndirect ||
      opcode === Opcode.returnCallRef;
    if (returns) this.#flow.leave();
  }

  #knownCall(start: number, callWork: CallWork | undefined): void {
    if (callWork === undefined) return this.#work(start, CIRCULAR_CALL, true);
    const { before, after, pays } = callWork;
    if (!pays) return this.#work(start, CALL + Math.max(before, after));
    this.#work(start, CALL + before);
    this.#flow.passPaid(after);
  }

  #loop(start: number): void {
    const reader = this.#reader;
    this.#pay(start, LOOP + LOOP_RESERVE, false);
    this.#flow.pass(LOOP);
    this.#copyTo(start);
    const typeStart = reader.position;
    skipBlockType(reader);
    if (this.#locals === undefined) {
      this.#copyTo(reader.position);
      charge(this.#code, this.#additions, 1);
      return this.#flow.open(Frame.loop);
    }
    const blockType = reader.bytes.subarray(typeStart, reader.position);
    beginLoop(this.#code, this.#additions, { blockType, local: this.#locals + PAID });
    this.#copied = reader.position;
    this.#usesLocals = true;
    this.#flow.open(Frame.wrappedLoop);
  }

  #end(): void {
    if (this.#flow.close() !== Frame.wrappedLoop) return;
    this.#copyTo(this.#reader.position);
    this.#code.byte(Opcode.end);
  }

  /** Labels of handlers are counted from outside of the block. */
  #tryTable(): void {
    const reader = this.#reader;
    this.#flow.pass(workOf(Opcode.tryTable));
    skipBlockType(reader);
    for (let left = reader.u32(); left > 0; left--) {
      const hasTag = reader.byte() < 2; // catch, catch_ref; not catch_all, catch_all_ref
      if (hasTag) reader.skipLeb();
      this.#label((label) => this.#flow.branchFromThrow(label));
    }
    this.#flow.open(Frame.block);
  }

  #branch(): void {
    this.#label((label) => this.#flow.branch(label));
  }

  /** Moves the label that is next. */
  #label(distance: (label: number) => number): void {
    const start = this.#reader.position;
    const label = this.#reader.u32();
    const added = distance(label);
    if (added === 0) return;
    this.#copyTo(start);
    this.#code.u32(label + added);
    this.#copied = this.#reader.position;
  }

  #misc(start: number): void {
    const reader = this.#reader;
    const additions = this.#additions;
    this.#work(start, workOf(Opcode.prefixMisc));
    const operands = reader.position;
    const code = reader.u32();
    switch (code) {
      case BulkCode.memoryFill:
        return this.#bulk(start, additions.fill(reader.u32()));
      case BulkCode.memoryCopy: {
        const [to, from] = [reader.u32(), reader.u32()];
        return this.#bulk(start, additions.copy(to, from));
      }
      case BulkCode.memoryInit:
        this.#chargeLength(start, LengthShift.bytes, false);
        break;
      case BulkCode.tableInit:
        this.#chargeLength(start, LengthShift.elements, false);
        break;
      case BulkCode.tableCopy: {
        const [to, from] = [reader.u32(), reader.u32()];
        this.#chargeLength(start, LengthShift.elements, this.#is64(to) && this.#is64(from));
        break;
      }
      case BulkCode.tableGrow:
      case BulkCode.tableFill:
        this.#chargeLength(start, LengthShift.elements, this.#is64(reader.u32()));
        break;
    }
    reader.position = operands;
    skipImmediates(reader, Opcode.prefixMisc);
  }

  #gc(start: number): void {
    const reader = this.#reader;
    const operands = reader.position;
    const code = reader.u32();
    if (code === GcCode.brOnCast || code === GcCode.brOnCastFail) {
      this.#work(start, workOfGc(code, 0));
      reader.skip(1);
      this.#branch();
      reader.skipLeb();
      return reader.skipLeb();
    }
    let count = 0;
    if (code === GcCode.arrayNewFixed) {
      reader.skipLeb();
      count = reader.u32();
    }
    this.#work(start, workOfGc(code, count));
    if (ARRAY_OPERATIONS.has(code)) this.#chargeLength(start, LengthShift.elements, false);
    reader.position = operands;
    skipImmediates(reader, Opcode.prefixGc);
  }

  #is64(table: number): boolean {
    return this.#shape.tables[table]?.is64 === true;
  }

  #work(start: number, work: number, mayReturnHere = false): void {
    this.#pay(start, work, mayReturnHere);
    this.#flow.pass(work);
    this.#passWork += work;
  }

  /** Takes fuel before an instruction, if it cannot be done on credit. */
  #pay(start: number, work: number, mayReturnHere: boolean): void {
    const fuel = this.#flow.due(work, mayReturnHere);
    if (fuel === 0) return;
    this.#copyTo(start);
    charge(this.#code, this.#additions, fuel);
    this.#flow.pay();
  }

  #chargeLength(start: number, shift: number, is64: boolean): void {
    this.#copyTo(start);
    chargeLength(this.#code, this.#additions, { shift, is64 });
  }

  /** Calls a function in place of the operation that was read, if the length is large. */
  #bulk(start: number, bulkFunction: BulkFunction): void {
    if (this.#locals === undefined) return this.#replace(start, bulkFunction.index);
    const { bytes, position } = this.#reader;
    this.#copyTo(start);
    bulk(this.#code, {
      instruction: bytes.subarray(start, position),
      function: bulkFunction,
      local: this.#locals + (bulkFunction.is64 ? LENGTH_64 : LENGTH),
    });
    this.#copied = position;
    this.#usesLocals = true;
  }

  /** Calls a function in place of the instruction that was read. */
  #replace(start: number, index: number): void {
    this.#copyTo(start);
    this.#code.indexed(Opcode.call, index);
    this.#copied = this.#reader.position;
  }

  #copyTo(end: number): void {
    this.#code.part(this.#reader.bytes, this.#copied, end);
    this.#copied = end;
  }
}
