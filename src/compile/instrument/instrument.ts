/**
 * Rewrites a core module so that it cannot run on when its time is over, and grows its memory only
 * as far as it may. A streaming rewriter: it knows where instructions begin and end, and no more.
 *
 * - Functions and loops take fuel from a global that is added. Where there is none left, a hook is
 *   called: it looks at the clock, and gives new fuel or traps.
 * - A hook is asked before a memory grows.
 * - The start function becomes an export, which the host calls once the hooks are in place.
 *
 * All that is added stands at the end of its section, so no index changes.
 *
 * @module
 */

import { Additions } from "./additions.ts";
import { BranchHints } from "./branch_hints.ts";
import { callOrder } from "./call_order.ts";
import { type ModuleShape, readShape } from "./module_shape.ts";
import { RESERVED_EXPORTS } from "./reserved_exports.ts";
import { FunctionRewriter, type RewrittenFunction } from "./rewrite_function.ts";
import { placeOf, PREAMBLE, readSections, type Section, SectionId } from "./sections.ts";
import { WasmFormatError, WasmReader } from "./wasm_reader.ts";
import { WasmWriter } from "./wasm_writer.ts";

/** Raised by one whenever the rewriter changes; part of every cache key. */
export const INSTRUMENT_VERSION = 2;

/** Custom sections that would lie about the rewritten code. */
const STALE_SECTION = /^(?:\.debug_|metadata\.code\.)/;

/** A module after the rewriter had it. */
export interface Instrumented {
  /** The module. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Why its code was left as it is, if it was. */
  readonly skipped?: string;
}

/**
 * Rewrites a module.
 *
 * @param module The module.
 * @returns The rewritten module; the module itself, with the reason, if its code holds what the
 * rewriter does not know.
 * @throws {WasmFormatError} If it is no core module.
 */
export function instrument(module: Uint8Array<ArrayBuffer>): Instrumented {
  // The code of a module that is not valid could name what is added, and so take hold of it.
  if (!WebAssembly.validate(module)) throw new WasmFormatError("Not a valid core module");
  const sections = readSections(module);
  if (!sections.some(({ id }) => id === SectionId.code)) return { bytes: module };
  try {
    return { bytes: rewrite(sections) };
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    return { bytes: module, skipped: error.message };
  }
}

function rewrite(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const shape = readShape(sections);
  const { fuel: fuelName, hooks: hooksName, start: startName } = RESERVED_EXPORTS;
  for (const name of [fuelName, hooksName, startName]) {
    if (shape.exportNames.has(name)) throw new WasmFormatError(`It exports "${name}" itself`);
  }
  const additions = new Additions(shape);
  const { code, hints } = rewriteCode(sections, { shape, additions });
  const { types, functions, fuel, table } = additions;
  const global = [0x7f, 1, 0x41, 0, 0x0b]; // (mut i32) (i32.const 0)
  const hooks = [0x70, 1, 2, 2]; // funcref, exactly 2
  const kept = sections.filter((section) => section.id !== SectionId.start && !isStale(section))
    .flatMap((section) =>
      section.id !== SectionId.code ? [section] : [
        { id: SectionId.custom, body: hints },
        { id: SectionId.code, body: code },
      ]
    );
  append(kept, SectionId.type, types);
  append(kept, SectionId.function, functions.map(({ type }) => written((out) => out.u32(type))));
  append(kept, SectionId.table, [hooks]);
  append(kept, SectionId.global, [global]);
  append(kept, SectionId.export, [
    exported(fuelName, 3, fuel),
    exported(hooksName, 1, table),
    ...(shape.start === undefined ? [] : [exported(startName, 0, shape.start)]),
  ]);
  return join(kept);
}

function rewriteCode(
  sections: readonly Section[],
  context: { readonly shape: ModuleShape; readonly additions: Additions },
): { readonly code: Uint8Array; readonly hints: Uint8Array } {
  const { shape, additions } = context;
  const bodies = readBodies(sections, shape);
  const rewriter = new FunctionRewriter(shape, additions);
  const rewritten: RewrittenFunction[] = [];
  for (const position of callOrder(bodies, shape)) {
    const type = shape.functionTypes[position];
    const parameters = type === undefined ? undefined : shape.parameterCounts.get(type);
    const body = bodies[position];
    if (parameters === undefined || body === undefined) {
      throw new WasmFormatError(`Type ${type} is no function`);
    }
    rewritten[position] = rewriter.rewrite({ body, parameters, position });
  }
  const hints = new BranchHints();
  const size = rewritten.reduce((sum, { body }) => sum + body.length + 5, 1_024);
  const section = new WasmWriter(size);
  section.u32(rewritten.length + additions.functions.length);
  for (const [position, { body, unlikely }] of rewritten.entries()) {
    section.u32(body.length);
    section.raw(body);
    hints.add(shape.importedFunctions + position, unlikely);
  }
  for (const { body } of additions.functions) {
    section.u32(body.length);
    section.raw(body);
  }
  return { code: section.written, hints: hints.body };
}

function readBodies(sections: readonly Section[], { functionTypes }: ModuleShape): Uint8Array[] {
  const section = sections.find(({ id }) => id === SectionId.code)?.body ?? new Uint8Array();
  const reader = new WasmReader(section);
  const bodies: Uint8Array[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const size = reader.u32();
    const start = reader.position;
    reader.skip(size);
    bodies.push(section.subarray(start, start + size));
  }
  if (!reader.done) throw new WasmFormatError("Bytes after the last function");
  if (bodies.length !== functionTypes.length) {
    throw new WasmFormatError(`${bodies.length} bodies for ${functionTypes.length} functions`);
  }
  return bodies;
}

function isStale({ id, body }: Section): boolean {
  if (id !== SectionId.custom) return false;
  const reader = new WasmReader(body);
  const length = reader.u32();
  const start = reader.position;
  reader.skip(length);
  return STALE_SECTION.test(new TextDecoder().decode(body.subarray(start, start + length)));
}

/** Appends items to a section that is a vector; makes the section if there is none. */
function append(
  sections: Section[],
  id: number,
  items: readonly (Uint8Array | readonly number[])[],
): void {
  const index = sections.findIndex((section) => section.id === id);
  const former = sections[index]?.body ?? Uint8Array.of(0);
  const reader = new WasmReader(former);
  const count = reader.u32();
  const body = written((out) => {
    out.u32(count + items.length);
    out.raw(former.subarray(reader.position));
    for (const item of items) out.raw(item);
  });
  if (index === -1) sections.splice(placeOf(sections, id), 0, { id, body });
  else sections[index] = { id, body };
}

function exported(name: string, kind: number, index: number): Uint8Array {
  return written((out) => {
    out.name(name);
    out.byte(kind);
    out.u32(index);
  });
}

function written(write: (out: WasmWriter) => void): Uint8Array {
  const out = new WasmWriter();
  write(out);
  return out.written;
}

function join(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const size = sections.reduce((sum, { body }) => sum + body.length + 6, PREAMBLE.length);
  const out = new WasmWriter(size);
  out.raw(PREAMBLE);
  for (const { id, body } of sections) {
    out.byte(id);
    out.u32(body.length);
    out.raw(body);
  }
  return out.written.slice();
}
