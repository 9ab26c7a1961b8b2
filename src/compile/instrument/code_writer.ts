/**
 * Writes the code of a function, and remembers which of its branches are hardly ever taken.
 *
 * @module
 */

import { WasmWriter } from "./wasm_writer.ts";

/** A writer of code. */
export class CodeWriter extends WasmWriter {
  readonly #unlikely: number[] = [];

  /** Where the branches stand that are hardly ever taken, in ascending order. */
  get unlikely(): readonly number[] {
    return this.#unlikely;
  }

  /** Forgets what was written. */
  override clear(): void {
    super.clear();
    this.#unlikely.length = 0;
  }

  /**
   * Writes a branch that is hardly ever taken.
   *
   * @param opcode The opcode of an `if` or a `br_if`.
   * @param operand The type of the block, or the label, in one byte.
   */
  unlikelyBranch(opcode: number, operand: number): void {
    this.#unlikely.push(this.length);
    this.byte(opcode);
    this.byte(operand);
  }
}
