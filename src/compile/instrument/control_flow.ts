/**
 * Follows a function's control flow while its code is read once, for two things: how much work the
 * longest path to here has done since fuel was last taken, and how far the labels of branches move
 * because loops were wrapped in a second one.
 *
 * A function's code without its loops has no circle, so the longest path is found on the way: a
 * branch hands what its path owes to the label, and a label takes the most of all that reach it.
 *
 * @module
 */

import { WasmFormatError } from "./wasm_reader.ts";

/** The most work that is done for one unit of fuel, in the units of `instruction_work.ts`. */
export const WORK_PER_FUEL = 2_048;

/** The most work that a call does before it pays for the first time; most calls do less and pay nothing. */
const FREE_WORK = 1_024;
/** Added to the debt of a path on which this call has not paid yet. It outweighs every debt. */
const UNPAID = 2 ** 24;
/** No path leads here. So low that no work in dead code makes it a debt. */
const UNREACHED = -(2 ** 30);

/** What a call of a function means for what its caller owes. */
export interface CallWork {
  /** The most work before it pays for the first time, or at all. */
  readonly before: number;
  /** The most that it owes when it returns. */
  readonly after: number;
  /** Whether it has paid whenever it returns. */
  readonly pays: boolean;
}

/** What a frame of the control stack is. */
export const Frame = {
  block: 0,
  loop: 1,
  /** A loop in a second loop that was added around it. */
  wrappedLoop: 2,
} as const;

const INITIAL_DEPTH = 64;

/** The control flow of one function; made once and used for every function of a module. */
export class ControlFlow {
  /** What the path owes, with {@linkcode UNPAID} if it has not paid. */
  #debt = 0;
  #before = 0;
  #after = 0;
  #pays = true;
  /** How many frames are open; the outermost is the function itself. */
  #depth = 0;
  // By frame: what it is, how many wrapped loops are open up to it, and the debts at its label and
  // at its other way in.
  #kinds = new Int32Array(INITIAL_DEPTH);
  #wraps = new Int32Array(INITIAL_DEPTH);
  #labels = new Int32Array(INITIAL_DEPTH);
  #skips = new Int32Array(INITIAL_DEPTH);

  /** Whether the function has ended. */
  get ended(): boolean {
    return this.#depth === 0;
  }

  /** What a call of the function means for what its caller owes; known at the function's end. */
  get callWork(): CallWork {
    return { before: this.#before, after: this.#after, pays: this.#pays };
  }

  /** Begins a function. */
  begin(): void {
    this.#depth = 0;
    this.#debt = UNPAID;
    this.#before = 0;
    this.#after = 0;
    this.#pays = true;
    this.open(Frame.block);
  }

  /**
   * Tells how much must be paid before an instruction.
   *
   * @param work The instruction's work.
   * @param mayReturnHere Whether it may lead to another call of the function, which must then have
   * paid, or calls could go on without end.
   * @returns How much fuel; 0 if the path can go on without.
   */
  due(work: number, mayReturnHere: boolean): number {
    const debt = this.#debt;
    if (debt < 0) return 0;
    const isUnpaid = debt >= UNPAID;
    const most = isUnpaid ? FREE_WORK : WORK_PER_FUEL;
    if (!(mayReturnHere && isUnpaid) && amountOf(debt) + work <= most) return 0;
    return Math.max(1, Math.ceil(work / WORK_PER_FUEL));
  }

  /** Notes that the path has paid. */
  pay(): void {
    this.#debt = 0;
  }

  /**
   * Notes an instruction.
   *
   * @param work Its work; so much that it had to be paid for itself is no debt.
   */
  pass(work: number): void {
    if (work >= WORK_PER_FUEL) return;
    this.#debt += work;
    if (this.#debt >= UNPAID) this.#before = Math.max(this.#before, amountOf(this.#debt));
  }

  /**
   * Notes a call of a function that has paid when it returns.
   *
   * @param owed What it owes then.
   */
  passPaid(owed: number): void {
    if (this.#debt < 0) return;
    this.#debt = owed;
  }

  /** Notes that the function returns here. */
  leave(): void {
    this.#noteReturn();
    this.stop();
  }

  /** Notes that the path ends here. */
  stop(): void {
    this.#debt = UNREACHED;
  }

  /**
   * Opens a block or a loop.
   *
   * @param kind A kind of {@linkcode Frame}.
   */
  open(kind: number): void {
    const depth = this.#depth++;
    if (depth === this.#kinds.length) this.#grow();
    this.#kinds[depth] = kind;
    this.#wraps[depth] = this.#wrapsAt(depth - 1) + (kind === Frame.wrappedLoop ? 1 : 0);
    this.#labels[depth] = UNREACHED;
    this.#skips[depth] = UNREACHED;
  }

  /** Opens an `if`, which may be passed by. */
  openIf(): void {
    this.open(Frame.block);
    this.#skips[this.#depth - 1] = this.#debt;
  }

  /** Begins the other part of an `if`. */
  otherwise(): void {
    const innermost = this.#innermost();
    const skip = this.#skips[innermost] ?? UNREACHED;
    this.#reach(innermost, this.#debt);
    this.#skips[innermost] = UNREACHED;
    this.#debt = skip;
  }

  /** Begins the handler of a legacy `try`: the exception may come from anywhere. */
  handle(): void {
    this.#reach(this.#innermost(), this.#debt);
    this.#debt = UNPAID + WORK_PER_FUEL;
  }

  /**
   * Closes the innermost frame.
   *
   * @returns Its kind, one of {@linkcode Frame}.
   */
  close(): number {
    const innermost = this.#innermost();
    const kind = this.#kinds[innermost] ?? Frame.block;
    this.#depth = innermost;
    const label = kind === Frame.block ? this.#labels[innermost] ?? UNREACHED : UNREACHED;
    this.#debt = larger(larger(this.#debt, label), this.#skips[innermost] ?? UNREACHED);
    if (innermost === 0) this.#noteReturn();
    return kind;
  }

  /**
   * Notes that a path goes on at a label too.
   *
   * @param label The label, counted outwards.
   * @returns How many labels were added between here and there.
   */
  branch(label: number): number {
    this.#reach(this.#target(label), this.#debt);
    return this.distance(label);
  }

  /**
   * Notes that an exception goes on at a label; it may come from anywhere.
   *
   * @param label The label, counted outwards.
   * @returns How many labels were added between here and there.
   */
  branchFromThrow(label: number): number {
    this.#reach(this.#target(label), UNPAID + WORK_PER_FUEL);
    return this.distance(label);
  }

  /**
   * Tells how many labels were added between here and a label.
   *
   * @param label The label, counted outwards.
   * @returns The number of wrapped loops between.
   * @throws {WasmFormatError} If there is no such label.
   */
  distance(label: number): number {
    return this.#wrapsAt(this.#depth - 1) - this.#wrapsAt(this.#target(label));
  }

  #noteReturn(): void {
    if (this.#debt < 0) return;
    this.#after = Math.max(this.#after, amountOf(this.#debt));
    if (this.#debt >= UNPAID) this.#pays = false;
  }

  #target(label: number): number {
    const frame = this.#depth - 1 - label;
    if (frame < 0) throw new WasmFormatError(`No label ${label}`);
    return frame;
  }

  #innermost(): number {
    return this.#target(0);
  }

  #reach(frame: number, debt: number): void {
    this.#labels[frame] = larger(this.#labels[frame] ?? UNREACHED, debt);
  }

  #wrapsAt(frame: number): number {
    return this.#wraps[frame] ?? 0;
  }

  #grow(): void {
    const grown = (frames: Int32Array) => {
      const more = new Int32Array(frames.length * 2);
      more.set(frames);
      return more;
    };
    this.#kinds = grown(this.#kinds);
    this.#wraps = grown(this.#wraps);
    this.#labels = grown(this.#labels);
    this.#skips = grown(this.#skips);
  }
}

/** The debt of two paths that meet: the larger amount, and unpaid if one of them is. */
function larger(one: number, other: number): number {
  if (one < 0) return other;
  if (other < 0) return one;
  const unpaid = one >= UNPAID || other >= UNPAID ? UNPAID : 0;
  return unpaid + Math.max(amountOf(one), amountOf(other));
}

function amountOf(debt: number): number {
  return debt >= UNPAID ? debt - UNPAID : debt;
}
