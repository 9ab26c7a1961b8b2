/**
 * The sections of a core module.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @module
 */

import { WasmFormatError, WasmReader } from "./wasm_reader.ts";

/** The ids of the sections. */
export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The ids in the order in which sections stand. */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** The preamble of a core module: its magic and its version. */
export const PREAMBLE: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** One section. */
export interface Section {
  /** What it is. */
  readonly id: number;
  /** Its content. */
  readonly body: Uint8Array;
}

/**
 * Divides a module into its sections.
 *
 * @param module The module.
 * @returns The sections in their order; views of the module's bytes.
 * @throws {WasmFormatError} If it is no core module.
 */
export function readSections(module: Uint8Array): Section[] {
  if (PREAMBLE.some((byte, index) => module[index] !== byte)) {
    throw new WasmFormatError("Not a core module");
  }
  const reader = new WasmReader(module, PREAMBLE.length);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.position;
    reader.skip(size);
    sections.push({ id, body: module.subarray(start, start + size) });
  }
  return sections;
}

/**
 * Finds where a section of some kind would stand.
 *
 * @param sections The sections there are.
 * @param id The kind of section.
 * @returns The index before which it belongs.
 */
export function placeOf(sections: readonly Section[], id: number): number {
  const rank = ORDER.indexOf(id);
  const index = sections.findIndex((section) =>
    section.id !== SectionId.custom && ORDER.indexOf(section.id) > rank
  );
  return index === -1 ? sections.length : index;
}
