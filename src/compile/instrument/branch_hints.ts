/**
 * Tells V8 which branches are hardly ever taken, so that it keeps what they lead to out of the way:
 * registers are then saved there, and not before every branch.
 *
 * Source: https://github.com/WebAssembly/branch-hinting
 *
 * @module
 */

import { WasmWriter } from "./wasm_writer.ts";

const SECTION_NAME = "metadata.code.branch_hint";
const HINT_LENGTH = 1;
const UNLIKELY = 0;

/** Collects the hints of a module. */
export class BranchHints {
  readonly #functions = new WasmWriter();
  #count = 0;

  /** The content of the custom section, which stands before the code. */
  get body(): Uint8Array<ArrayBuffer> {
    const out = new WasmWriter(this.#functions.length + SECTION_NAME.length + 8);
    out.name(SECTION_NAME);
    out.u32(this.#count);
    out.raw(this.#functions.written);
    return out.written;
  }

  /**
   * Adds the hints of a function; functions come in the order of their indexes.
   *
   * @param index The function's index.
   * @param unlikely Where its branches stand that are hardly ever taken, from the start of its body.
   */
  add(index: number, unlikely: readonly number[]): void {
    if (unlikely.length === 0) return;
    const functions = this.#functions;
    this.#count++;
    functions.u32(index);
    functions.u32(unlikely.length);
    for (const offset of unlikely) {
      functions.u32(offset);
      functions.raw([HINT_LENGTH, UNLIKELY]);
    }
  }
}
