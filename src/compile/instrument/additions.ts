/**
 * What the instrumentation adds to a module: always at the end, so that no index changes.
 *
 * @module
 */

import type { Extent, ModuleShape } from "./module_shape.ts";
import { Opcode } from "./instructions.ts";
import { RESERVED_EXPORTS } from "./reserved_exports.ts";
import { WasmWriter } from "./wasm_writer.ts";

const I32 = 0x7f;
const I64 = 0x7e;
const EMPTY_BLOCK = 0x40;

/** How many bytes one `memory.fill` or `memory.copy` moves at most before the time is looked at. */
const CHUNK = 4 * 1_048_576;
/** Bytes are charged by eights: about what a nanosecond moves. */
const BYTES_SHIFT = 3;

/** A function that was added. */
interface AddedFunction {
  readonly type: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The types and functions that the rewritten code of one module needs. */
export class Additions {
  /** The global that holds the fuel. */
  readonly fuel: number;
  /** The table of the hooks. */
  readonly table: number;
  /** The function that takes fuel, and looks at the time when there is none left. */
  readonly charge: number;
  readonly #shape: ModuleShape;
  readonly #types = new Map<string, number>();
  readonly #signatures: (readonly number[])[] = [];
  readonly #functions: AddedFunction[] = [];
  readonly #helpers = new Map<string, number>();

  /**
   * Begins with what every module needs.
   *
   * @param shape The module.
   */
  constructor(shape: ModuleShape) {
    this.#shape = shape;
    this.fuel = shape.globalCount;
    this.table = shape.tables.length;
    this.charge = this.#add([I32], [], (code) => this.#writeCharge(code));
  }

  /** The types that were added, each in the binary format. */
  get types(): readonly (readonly number[])[] {
    return this.#signatures;
  }

  /** The functions that were added. */
  get functions(): readonly AddedFunction[] {
    return this.#functions;
  }

  /**
   * Gives the function that stands for `memory.fill`.
   *
   * @param memory The memory.
   * @returns The function's index.
   */
  fill(memory: number): number {
    return this.#helper(`fill ${memory}`, () => {
      const index = typeOf(this.#shape.memories[memory]);
      return this.#add([index, I32, index], [], (code) => {
        const number = numbers(code, index);
        beginChunks(code, number);
        code.raw([Opcode.localGet, 0, Opcode.localGet, 1]);
        number.constant(CHUNK);
        code.raw([Opcode.prefixMisc, 11]);
        code.u32(memory);
        moveLocal(code, { local: 0, by: number.add, number });
        moveLocal(code, { local: 2, by: number.sub, number });
        this.#endChunks(code);
        this.#chargeRest(code, number, 2);
        code.raw([Opcode.localGet, 0, Opcode.localGet, 1, Opcode.localGet, 2]);
        code.raw([Opcode.prefixMisc, 11]);
        code.u32(memory);
      });
    });
  }

  /**
   * Gives the function that stands for `memory.copy`.
   *
   * @param to The memory that is written.
   * @param from The memory that is read.
   * @returns The function's index.
   */
  copy(to: number, from: number): number {
    return this.#helper(`copy ${to} ${from}`, () => {
      const { memories } = this.#shape;
      const [toType, fromType] = [typeOf(memories[to]), typeOf(memories[from])];
      const countType = toType === I64 && fromType === I64 ? I64 : I32;
      const parameters = [toType, fromType, countType];
      return this.#add(parameters, [], (code) => {
        const [target, source, count] = [toType, fromType, countType].map((type) =>
          numbers(code, type)
        ) as [NumberCode, NumberCode, NumberCode];
        const copyChunk = () => {
          code.raw([Opcode.prefixMisc, 10]);
          code.u32(to);
          code.u32(from);
        };
        if (to === from) {
          // Where the target is behind the source, the last bytes must go first.
          code.raw([Opcode.localGet, 0, Opcode.localGet, 1, target.gtU, Opcode.if, EMPTY_BLOCK]);
          beginChunks(code, count);
          moveLocal(code, { local: 2, by: count.sub, number: count });
          for (const local of [0, 1]) {
            code.raw([Opcode.localGet, local, Opcode.localGet, 2, count.add]);
          }
          count.constant(CHUNK);
          copyChunk();
          this.#endChunks(code);
          code.byte(Opcode.end);
        }
        beginChunks(code, count);
        code.raw([Opcode.localGet, 0, Opcode.localGet, 1]);
        count.constant(CHUNK);
        copyChunk();
        moveLocal(code, { local: 0, by: target.add, number: target });
        moveLocal(code, { local: 1, by: source.add, number: source });
        moveLocal(code, { local: 2, by: count.sub, number: count });
        this.#endChunks(code);
        this.#chargeRest(code, count, 2);
        code.raw([Opcode.localGet, 0, Opcode.localGet, 1, Opcode.localGet, 2]);
        copyChunk();
      });
    });
  }

  /**
   * Gives the function that stands for `memory.grow`: it asks first.
   *
   * @param memory The memory.
   * @returns The function's index.
   */
  grow(memory: number): number {
    return this.#helper(`grow ${memory}`, () => {
      const index = typeOf(this.#shape.memories[memory]);
      return this.#add([index], [index], (code) => {
        const number = numbers(code, index);
        code.byte(Opcode.i32Const);
        code.s32(memory);
        code.raw([Opcode.localGet, 0]);
        if (index === I32) code.byte(0xad); // i64.extend_i32_u
        this.#callHook(code, RESERVED_EXPORTS.growSlot, this.#type([I32, I64], [I32]));
        code.raw([Opcode.if, index, Opcode.localGet, 0, Opcode.memoryGrow]);
        code.u32(memory);
        code.byte(0x05); // else
        number.constant(-1);
        code.byte(Opcode.end);
      });
    });
  }

  #writeCharge(code: WasmWriter): void {
    code.byte(Opcode.globalGet);
    code.u32(this.fuel);
    code.raw([Opcode.localGet, 0, Opcode.i32Const]);
    code.s32(0x7fff_ffff);
    code.raw([0x71, 0x6b, Opcode.globalSet]); // i32.and, i32.sub
    code.u32(this.fuel);
    code.byte(Opcode.globalGet);
    code.u32(this.fuel);
    code.raw([Opcode.i32Const, 0, 0x48, Opcode.if, EMPTY_BLOCK]); // i32.lt_s
    this.#callHook(code, RESERVED_EXPORTS.checkSlot, this.#type([], []));
    code.byte(Opcode.end);
  }

  #callHook(code: WasmWriter, slot: number, type: number): void {
    code.raw([Opcode.i32Const, slot, Opcode.callIndirect]);
    code.u32(type);
    code.u32(this.table);
  }

  /** Ends what {@linkcode beginChunks} began: charges for a chunk, and goes on with the next. */
  #endChunks(code: WasmWriter): void {
    code.byte(Opcode.i32Const);
    code.s32(CHUNK >> BYTES_SHIFT);
    code.byte(Opcode.call);
    code.u32(this.charge);
    code.raw([Opcode.br, 1, Opcode.end, Opcode.end]);
  }

  #chargeRest(code: WasmWriter, number: NumberCode, local: number): void {
    code.raw([Opcode.localGet, local]);
    number.constant(BYTES_SHIFT);
    code.byte(number.shrU);
    if (number.type === I64) code.byte(0xa7); // i32.wrap_i64
    code.byte(Opcode.call);
    code.u32(this.charge);
  }

  #helper(key: string, make: () => number): number {
    const known = this.#helpers.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#helpers.set(key, made);
    return made;
  }

  #add(
    parameters: readonly number[],
    results: readonly number[],
    write: (code: WasmWriter) => void,
  ): number {
    const code = new WasmWriter();
    code.u32(0); // no locals
    const { importedFunctions, functionTypes } = this.#shape;
    const index = importedFunctions + functionTypes.length + this.#functions.length;
    write(code);
    code.byte(Opcode.end);
    this.#functions.push({ type: this.#type(parameters, results), body: code.written });
    return index;
  }

  #type(parameters: readonly number[], results: readonly number[]): number {
    const signature = [0x60, parameters.length, ...parameters, results.length, ...results];
    const key = signature.join();
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const index = this.#shape.typeCount + this.#signatures.length;
    this.#types.set(key, index);
    this.#signatures.push(signature);
    return index;
  }
}

/** How one of the two kinds of index is computed with. */
interface NumberCode {
  readonly type: number;
  readonly add: number;
  readonly sub: number;
  readonly shrU: number;
  readonly gtU: number;
  constant(value: number): void;
}

function numbers(code: WasmWriter, type: number): NumberCode {
  const constant = (value: number) => {
    code.byte(type === I64 ? 0x42 : 0x41);
    code.s32(value);
  };
  return type === I64
    ? { type, add: 0x7c, sub: 0x7d, shrU: 0x88, gtU: 0x56, constant }
    : { type, add: 0x6a, sub: 0x6b, shrU: 0x76, gtU: 0x4b, constant };
}

/** Begins a loop that runs as long as more than a chunk is left; the count is in local 2. */
function beginChunks(code: WasmWriter, count: NumberCode): void {
  code.raw([Opcode.loop, EMPTY_BLOCK, Opcode.localGet, 2]);
  count.constant(CHUNK);
  code.raw([count.gtU, Opcode.if, EMPTY_BLOCK]);
}

function moveLocal(
  code: WasmWriter,
  { local, by, number }: {
    readonly local: number;
    readonly by: number;
    readonly number: NumberCode;
  },
): void {
  code.raw([Opcode.localGet, local]);
  number.constant(CHUNK);
  code.raw([by, Opcode.localSet, local]);
}

/** The type that a memory or a table is indexed by. */
function typeOf(extent: Extent | undefined): number {
  return extent?.is64 === true ? I64 : I32;
}
