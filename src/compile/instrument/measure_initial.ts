/**
 * How much a module takes before any of its code has run.
 *
 * @module
 */

import { readShape } from "./module_shape.ts";
import { readSections } from "./sections.ts";

/** The size of a page of linear memory, in bytes. */
const PAGE = 65_536n;

/** What a module takes when it is instantiated. */
export interface InitialSize {
  /** The linear memory that it defines, in bytes. */
  readonly memory: number;
  /** The elements of the tables that it defines. */
  readonly tableElements: number;
}

/**
 * Measures a module.
 *
 * @param module The module.
 * @returns What it takes; `Infinity` for what no number can hold.
 * @throws {WasmFormatError} If it is no core module.
 */
export function measureInitial(module: Uint8Array): InitialSize {
  const { memories, tables } = readShape(readSections(module));
  const sum = (extents: typeof memories) =>
    extents.filter(({ isImported }) => !isImported)
      .reduce((total, { initial }) => total + initial, 0n);
  return { memory: Number(sum(memories) * PAGE), tableElements: Number(sum(tables)) };
}
