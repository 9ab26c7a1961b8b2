/**
 * What the instrumentation adds to a module: always at the end, so that no index changes.
 *
 * @module
 */

import { pushLengthFuel, spend } from "./charges.ts";
import { CodeWriter } from "./code_writer.ts";
import { memoryCopy, memoryFill, memoryGrow } from "./memory_functions.ts";
import { Opcode } from "./instructions.ts";
import type { ModuleShape } from "./module_shape.ts";
import { RESERVED_EXPORTS } from "./reserved_exports.ts";

const I32 = 0x7f;
const I64 = 0x7e;
/** How many passes of a loop are paid at once: these, and twice as many each time up to the most. */
const LEAST_PASSES = 64;
const MOST_PASSES = 4_095;

type Signature = readonly [parameters: readonly number[], results: readonly number[]];

/** A function that was added. */
export interface AddedFunction {
  /** The index of its type. */
  readonly type: number;
  /** Its locals and instructions. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A function that stands for an operation on many bytes. */
export interface BulkFunction {
  /** Its index. */
  readonly index: number;
  /** The index of its type. */
  readonly type: number;
  /** Whether the length, its last parameter, has 64 bits. */
  readonly is64: boolean;
}

/** The types and functions that the rewritten code of one module needs; made when first asked for. */
export class Additions {
  /** The global that holds the fuel. */
  readonly fuel: number;
  /** The table of the hooks. */
  readonly table: number;
  readonly #shape: ModuleShape;
  readonly #types = new Map<string, number>();
  readonly #signatures: (readonly number[])[] = [];
  readonly #functions: AddedFunction[] = [];
  readonly #indexes = new Map<string, number>();

  /**
   * Begins with nothing.
   *
   * @param shape The module.
   */
  constructor(shape: ModuleShape) {
    this.#shape = shape;
    this.fuel = shape.globalCount;
    this.table = shape.tables.length;
  }

  /** The types that were added, each in the binary format. */
  get types(): readonly (readonly number[])[] {
    return this.#signatures;
  }

  /** The functions that were added. */
  get functions(): readonly AddedFunction[] {
    return this.#functions;
  }

  /** The function `() -> ()` that asks the host for fuel. */
  get refill(): number {
    return this.#function("refill", [[], []], (code) => {
      code.indexed(Opcode.globalGet, this.fuel);
      this.#callHook(code, RESERVED_EXPORTS.checkSlot, [[I32], [I32]]);
      code.indexed(Opcode.globalSet, this.fuel);
    });
  }

  /** The function `(passes bought before) -> (passes bought)` that pays for passes of a loop. */
  get advance(): number {
    return this.#function("advance", [[I32], [I32]], (code) => {
      code.raw([Opcode.localGet, 0, Opcode.i32Const, 1, Opcode.i32Shl]);
      code.byte(Opcode.i32Const);
      code.s32(LEAST_PASSES);
      code.raw([Opcode.i32Or, Opcode.i32Const]);
      code.s32(MOST_PASSES);
      code.raw([Opcode.i32And, Opcode.localSet, 0]);
      spend(code, this, () => code.raw([Opcode.localGet, 0]));
      code.raw([Opcode.localGet, 0]);
    });
  }

  /**
   * The function `(length, shift) -> (length)` that pays for an operation on many things.
   *
   * @param is64 Whether the length has 64 bits.
   * @returns The function's index.
   */
  chargeLength(is64: boolean): number {
    const type = is64 ? I64 : I32;
    return this.#function(`chargeLength ${type}`, [[type, I32], [type]], (code) => {
      spend(code, this, () => pushLengthFuel(code, is64));
      code.raw([Opcode.localGet, 0]);
    });
  }

  /**
   * Gives the function that stands for `memory.fill` where many bytes are filled.
   *
   * @param memory The memory.
   * @returns The function.
   */
  fill(memory: number): BulkFunction {
    const address = this.#addressType(memory);
    const signature: Signature = [[address, I32, address], []];
    const index = this.#function(
      `fill ${memory}`,
      signature,
      (code) => memoryFill(code, this, { memory, address }),
    );
    return { index, type: this.#type(signature), is64: address === I64 };
  }

  /**
   * Gives the function that stands for `memory.copy` where many bytes are copied.
   *
   * @param to The memory that is written.
   * @param from The memory that is read.
   * @returns The function.
   */
  copy(to: number, from: number): BulkFunction {
    const addresses = [this.#addressType(to), this.#addressType(from)] as const;
    const length = addresses.includes(I32) ? I32 : I64;
    const signature: Signature = [[...addresses, length], []];
    const index = this.#function(
      `copy ${to} ${from}`,
      signature,
      (code) => memoryCopy(code, this, { memories: [to, from], addresses, length }),
    );
    return { index, type: this.#type(signature), is64: length === I64 };
  }

  /**
   * Gives the function that stands for `memory.grow`: it asks the host first.
   *
   * @param memory The memory.
   * @returns The function's index.
   */
  grow(memory: number): number {
    const address = this.#addressType(memory);
    const write = (code: CodeWriter) => {
      const callHook = () => this.#callHook(code, RESERVED_EXPORTS.growSlot, [[I32, I64], [I32]]);
      memoryGrow(code, this, { memory, address, callHook });
    };
    return this.#function(`grow ${memory}`, [[address], [address]], write, [address]);
  }

  /** Leaves what the hook in a slot answers to what is on the stack. */
  #callHook(code: CodeWriter, slot: number, signature: Signature): void {
    code.raw([Opcode.i32Const, slot]);
    code.indexed(Opcode.callIndirect, this.#type(signature));
    code.u32(this.table);
  }

  #addressType(memory: number): number {
    return this.#shape.memories[memory]?.is64 === true ? I64 : I32;
  }

  #function(
    key: string,
    signature: Signature,
    write: (code: CodeWriter) => void,
    locals: readonly number[] = [],
  ): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const code = new CodeWriter();
    code.u32(locals.length);
    for (const type of locals) code.raw([1, type]);
    write(code); // which may add the functions that it calls
    code.byte(Opcode.end);
    const { importedFunctions, functionTypes } = this.#shape;
    const index = importedFunctions + functionTypes.length + this.#functions.length;
    this.#functions.push({ type: this.#type(signature), body: code.written });
    this.#indexes.set(key, index);
    return index;
  }

  #type([parameters, results]: Signature): number {
    const type = [0x60, parameters.length, ...parameters, results.length, ...results];
    const key = type.join();
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const index = this.#shape.typeCount + this.#signatures.length;
    this.#types.set(key, index);
    this.#signatures.push(type);
    return index;
  }
}
