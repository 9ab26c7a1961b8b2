/**
 * Bounds how far memories and tables may grow, by what a module declares about them. Memories are
 * bounded by the host's hook too, all of an instance together; this bound also holds for a module
 * whose code could not be rewritten.
 *
 * @module
 */

import { skipExpression, skipValueType } from "./instructions.ts";
import { LimitFlag, readLimitFlags } from "./module_shape.ts";
import { PREAMBLE, readSections, type Section, SectionId } from "./sections.ts";
import { WasmReader } from "./wasm_reader.ts";
import { WasmWriter } from "./wasm_writer.ts";

/** The size of a page of linear memory, in bytes. */
const PAGE = 65_536;
/** How many elements a table may have, unless it begins with more; 8 bytes each. */
export const MOST_TABLE_ELEMENTS = 1_000_000;

/**
 * Lowers the maxima of the memories and tables that a module defines.
 *
 * @param module The module.
 * @param options How much memory it may have, in bytes.
 * @returns The module with lower maxima.
 * @throws {WasmFormatError} If it is no core module.
 */
export function capGrowth(
  module: Uint8Array,
  { memory }: { readonly memory: number },
): Uint8Array<ArrayBuffer> {
  const out = new WasmWriter(module.length + 64);
  out.raw(PREAMBLE);
  for (const section of readSections(module)) {
    const body = capped(section, { pages: Math.floor(memory / PAGE) });
    out.byte(section.id);
    out.u32(body.length);
    out.raw(body);
  }
  return out.written.slice();
}

function capped({ id, body }: Section, { pages }: { readonly pages: number }): Uint8Array {
  if (id !== SectionId.memory && id !== SectionId.table) return body;
  const reader = new WasmReader(body);
  const out = new WasmWriter(body.length + 64);
  const count = reader.u32();
  out.u32(count);
  for (let left = count; left > 0; left--) {
    if (id === SectionId.memory) {
      capLimits(reader, out, pages);
      continue;
    }
    const start = reader.position;
    const hasInitializer = reader.peek() === 0x40;
    if (hasInitializer) reader.skip(2);
    skipValueType(reader);
    out.raw(body.subarray(start, reader.position));
    capLimits(reader, out, MOST_TABLE_ELEMENTS);
    const expression = reader.position;
    if (hasInitializer) skipExpression(reader);
    out.raw(body.subarray(expression, reader.position));
  }
  return out.written;
}

function capLimits(reader: WasmReader, out: WasmWriter, most: number): void {
  const flags = readLimitFlags(reader);
  const initialStart = reader.position;
  const initial = reader.u64();
  const initialEnd = reader.position;
  const maximum = (flags & LimitFlag.hasMaximum) === 0 ? undefined : reader.u64();
  const cap = initial > BigInt(most) ? initial : BigInt(most);
  out.byte(flags | LimitFlag.hasMaximum);
  out.raw(reader.bytes.subarray(initialStart, initialEnd));
  out.u64(maximum !== undefined && maximum < cap ? maximum : cap);
}
