import { WasmWriter } from "./wasm_writer.ts";

const UNLIKELY = 0;

/**
 * Tells V8 which branches are hardly ever taken, so that it keeps the slow paths out of the way.
 *
 * Source: https://github.com/WebAssembly/branch-hinting
 */
export class BranchHints {
  readonly #functions = new WasmWriter();
  #count = 0;

  /**
   * Adds the branches of a function.
   *
   * @param index The function's index; higher than that of the last.
   * @param branches Where the unlikely branches stand in its body, in rising order.
   */
  add(index: number, branches: readonly number[]): void {
    if (branches.length === 0) return;
    this.#count++;
    this.#functions.u32(index);
    this.#functions.u32(branches.length);
    for (const branch of branches) {
      this.#functions.u32(branch);
      this.#functions.raw([1, UNLIKELY]);
    }
  }

  /** The content of the custom section, which stands before the code. */
  get section(): Uint8Array {
    const out = new WasmWriter(this.#functions.length + 64);
    out.name("metadata.code.branch_hint");
    out.u32(this.#count);
    out.raw(this.#functions.written);
    return out.written;
  }
}
