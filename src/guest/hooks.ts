/**
 * The host's end of what the compiler wove into the core modules: looks at the time while a guest
 * computes, and grants its memory.
 *
 * @module
 */

import { RESERVED_EXPORTS } from "../compile/instrument/reserved_exports.ts";

/** The most and the least fuel that is given at a time; a unit is a nanosecond of work or less. */
const MOST_FUEL = 2_000_000;
const LEAST_FUEL = 10_000;
/** Fuel lasts for about this time (ms); where the host's work makes it last longer, less is given. */
const PERIOD = 0.5;
/** The size of a page of linear memory, in bytes. */
const PAGE = 65_536;

/**
 * Makes functions of JavaScript into functions of Wasm, which alone can stand in a table; and makes
 * a trap of the answer that the time is over, because a guest can catch exceptions, but no trap.
 *
 * ```wat
 * (module
 *   (import "" "check" (func (result i32)))
 *   (import "" "grow" (func (param i32 i64) (result i32)))
 *   (func (export "check") call 0 if unreachable end)
 *   (func (export "grow") (param i32 i64) (result i32) local.get 0 local.get 1 call 1))
 * ```
 */
const ADAPTER = new WebAssembly.Module(Uint8Array.fromHex(
  "0061736d01000000010e036000017f60027f7e017f6000000212020005636865636b000000046772" +
    "6f770001030302020107100205636865636b00020467726f7700030a1302080010000440000b0b08" +
    "002000200110010b",
));

/** What {@linkcode Hooks} are made of. */
export interface HooksOptions {
  /** Tells whether the guest must end. */
  readonly isOver: () => boolean;
  /** The linear memory that the instance begins with, in bytes, over all its memories. */
  readonly initialMemory: number;
  /** The linear memory that it may have, in bytes. */
  readonly memoryLimit: number;
}

/** The hooks of one component instance, for all its core modules. */
export class Hooks {
  readonly #options: HooksOptions;
  readonly #fuels: WebAssembly.Global[] = [];
  readonly #check: CallableFunction;
  readonly #grow: CallableFunction;
  #memory: number;
  #fuel = LEAST_FUEL;
  #lastCheck = performance.now();
  #wasRefusedMemory = false;

  /**
   * Makes the hooks of an instance that is to be.
   *
   * @param options When it must end, and how much memory it may have.
   */
  constructor(options: HooksOptions) {
    this.#options = options;
    this.#memory = options.initialMemory;
    const { exports } = new WebAssembly.Instance(ADAPTER, {
      "": {
        check: () => this.#isOver(),
        grow: (_memory: number, pages: bigint) => this.#mayGrow(pages),
      },
    });
    this.#check = functionOf(exports.check);
    this.#grow = functionOf(exports.grow);
  }

  /** Whether the instance wanted more memory than it may have. */
  get wasRefusedMemory(): boolean {
    return this.#wasRefusedMemory;
  }

  /** Has the time looked at soon: the guest just had the host do what takes long. */
  hurry(): void {
    this.#setFuel(0);
  }

  /**
   * Puts the hooks into a core module, and runs its start function.
   *
   * @param instance The core module's instance; one that was not rewritten is left as it is.
   * @throws {WebAssembly.RuntimeError} If the start function traps.
   */
  arm(instance: WebAssembly.Instance): void {
    const { exports } = instance;
    const table = exports[RESERVED_EXPORTS.hooks];
    const fuel = exports[RESERVED_EXPORTS.fuel];
    if (!(table instanceof WebAssembly.Table) || !(fuel instanceof WebAssembly.Global)) return;
    table.set(RESERVED_EXPORTS.checkSlot, this.#check);
    table.set(RESERVED_EXPORTS.growSlot, this.#grow);
    fuel.value = this.#fuel;
    this.#fuels.push(fuel);
    const start = exports[RESERVED_EXPORTS.start];
    if (typeof start === "function") start();
  }

  #isOver(): number {
    if (this.#options.isOver()) return 1;
    const now = performance.now();
    const wanted = now - this.#lastCheck > PERIOD ? this.#fuel / 4 : this.#fuel * 2;
    this.#fuel = Math.max(LEAST_FUEL, Math.min(MOST_FUEL, wanted));
    this.#lastCheck = now;
    this.#setFuel(this.#fuel);
    return 0;
  }

  #setFuel(value: number): void {
    for (const fuel of this.#fuels) fuel.value = value;
  }

  #mayGrow(pages: bigint): number {
    const wanted = this.#memory + Number(BigInt.asUintN(64, pages)) * PAGE;
    if (wanted > this.#options.memoryLimit) {
      this.#wasRefusedMemory = true;
      return 0;
    }
    this.#memory = wanted;
    return 1;
  }
}

function functionOf(value: WebAssembly.ExportValue | undefined): CallableFunction {
  if (typeof value !== "function") throw new TypeError("The adapter exports no such function");
  return value;
}
