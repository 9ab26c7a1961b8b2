/**
 * The host's end of what the compiler wove into the core modules: looks at the time while a guest
 * computes, and grants its memory.
 *
 * @module
 */

import { RESERVED_EXPORTS } from "../compile/instrument/reserved_exports.ts";

/**
 * How much fuel is given at a time. At first little, because it is not known how much the guest
 * does with it; then as much as is gone in about {@linkcode PERIOD}.
 */
const LEAST_FUEL = 500;
/** The most fuel that is given at a time: 0.1 to 1 ms of ordinary code. */
const MOST_FUEL = 100_000;
/** How often to look at the time, in ms. */
const PERIOD = 0.5;
/** A look at the time that comes later (ms) than this was delayed by something else than the guest. */
const LONGEST_SAMPLE = 5 * PERIOD;
/** A sample counts as so many times what is usual at most: the host may have been at work in it. */
const MOST_EXCESS = 4;
/** How much of what was measured before is kept with every sample, of about {@linkcode PERIOD}. */
const MEMORY = 0.995;
/** What guests of this thread took lately: the time, in ms, and the fuel; at first what is usual. */
const taken = { time: 0.1, fuel: 20_000 };
/** The size of a page of linear memory, in bytes. */
const PAGE = 65_536;

/**
 * Makes functions of JavaScript into functions of Wasm, which alone can stand in a table; and makes
 * a trap of the answer that there is no more fuel, because a guest can catch exceptions, but no
 * trap.
 *
 * ```wat
 * (module
 *   (import "" "check" (func (param i32) (result i32)))
 *   (import "" "grow" (func (param i32 i64) (result i32)))
 *   (func (export "check") (param i32) (result i32)
 *     (local.tee 0 (call 0 (local.get 0)))
 *     (if (i32.eqz) (then unreachable))
 *     local.get 0)
 *   (func (export "grow") (param i32 i64) (result i32)
 *     local.get 0 local.get 1 call 1))
 * ```
 */
const ADAPTER = new WebAssembly.Module(Uint8Array.fromHex(
  "0061736d01000000" +
    "010c0260017f017f60027f7e017f" + // types
    "0212020005636865636b0000000467726f770001" + // imports
    "0303020001" + // functions
    "07100205636865636b00020467726f770003" + // exports
    "0a1a020f00200010002200450440000b20000b08002000200110010b", // code
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
  #wasRefusedMemory = false;
  /** All fuel that was given, without what was left when more was given. */
  #given = 0;
  #portion = LEAST_FUEL;
  #lookedAt = 0;
  /** Whether the guest has had the thread for itself since the last look, and all of its fuel. */
  #isUndisturbed = false;
  readonly #disturb = () => {
    this.#isUndisturbed = false;
  };

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
        check: (left: number) => this.#refill(left),
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

  /**
   * How much fuel was spent: a unit for every entry of a function that calls others, for every pass
   * of a loop, and for every 256 cheap instructions without one. Loops pay ahead, so it is a little
   * more than was used; the same work always spends the same.
   */
  get fuelSpent(): number {
    return this.#fuels.reduce((spent, fuel) => spent - Number(fuel.value), this.#given);
  }

  /**
   * Estimates how long guests in this thread compute for some fuel: no platform meters a thread. What
   * a unit takes is measured while they run, without the time in which they wait, and so depends on
   * what ran before; different code with the same fuel may take half as long, or twice.
   *
   * @param fuel The fuel that was spent.
   * @returns The time, in ms.
   */
  cpuTimeOf(fuel: number): number {
    return fuel * (taken.time / taken.fuel);
  }

  /** Has the time looked at soon: the guest just had the host do what takes long. */
  hurry(): void {
    this.#disturb();
    for (const fuel of this.#fuels) {
      this.#given -= Number(fuel.value);
      fuel.value = 0;
    }
  }

  /**
   * Puts the hooks into a core module, and runs its start function.
   *
   * @param instance The core module's instance; one that was not rewritten is left as it is.
   * @throws {WebAssembly.RuntimeError} If the start function traps.
   */
  arm({ exports }: WebAssembly.Instance): void {
    const table = exports[RESERVED_EXPORTS.hooks];
    const fuel = exports[RESERVED_EXPORTS.fuel];
    if (!(table instanceof WebAssembly.Table) || !(fuel instanceof WebAssembly.Global)) return;
    // It begins without fuel, so the first thing that it does is to look at the time.
    table.set(RESERVED_EXPORTS.checkSlot, this.#check);
    table.set(RESERVED_EXPORTS.growSlot, this.#grow);
    this.#fuels.push(fuel);
    const start = exports[RESERVED_EXPORTS.start];
    if (typeof start === "function") start();
  }

  /** Gives new fuel in place of what is left, or none if the time is over. */
  #refill(left: number): number {
    if (this.#options.isOver()) return 0;
    const now = performance.now();
    const elapsed = now - this.#lookedAt;
    this.#lookedAt = now;
    if (this.#isUndisturbed) {
      if (left <= 0 && elapsed < LONGEST_SAMPLE) this.#sample(elapsed);
    } else {
      this.#isUndisturbed = true;
      queueMicrotask(this.#disturb); // it runs when the guest returns or waits
    }
    if (elapsed > PERIOD) this.#portion = Math.max(LEAST_FUEL, this.#portion >> 2);
    else this.#portion = Math.min(MOST_FUEL, this.#portion * 2);
    this.#given += this.#portion - left;
    return this.#portion;
  }

  /** Notes how long the last portion of fuel has taken, in ms. */
  #sample(time: number): void {
    const most = this.cpuTimeOf(this.#portion) * MOST_EXCESS;
    taken.time = taken.time * MEMORY + Math.min(time, most);
    taken.fuel = taken.fuel * MEMORY + this.#portion;
  }

  #mayGrow(pages: bigint): number {
    const wanted = this.#memory + Number(pages) * PAGE;
    if (wanted > this.#options.memoryLimit && pages > 0n) {
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
