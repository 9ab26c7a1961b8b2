/**
 * What must be known of a module before its code can be rewritten.
 *
 * @module
 */

import { skipExpression, skipValueType } from "./instructions.ts";
import { type Section, SectionId } from "./sections.ts";
import { WasmFormatError, WasmReader } from "./wasm_reader.ts";

/** A memory or a table, imported or defined. */
export interface Extent {
  /** Whether it is indexed by 64-bit numbers. */
  readonly is64: boolean;
  /** Its size at the start, in pages or elements. */
  readonly initial: bigint;
  /** Whether another module provides it. */
  readonly isImported: boolean;
}

/** What a module declares. */
export interface ModuleShape {
  /** How many types there are, those within recursion groups counted one by one. */
  readonly typeCount: number;
  /** How many parameters a type has; absent for types that are no functions. */
  readonly parameterCounts: ReadonlyMap<number, number>;
  /** How many functions are imported. */
  readonly importedFunctions: number;
  /** The types of the functions that are defined. */
  readonly functionTypes: readonly number[];
  /** The tables, the imported ones first. */
  readonly tables: readonly Extent[];
  /** The memories, the imported ones first. */
  readonly memories: readonly Extent[];
  /** How many globals there are, the imported ones included. */
  readonly globalCount: number;
  /** The names that are exported. */
  readonly exportNames: ReadonlySet<string>;
  /** The function that runs at instantiation. */
  readonly start?: number;
}

/**
 * Reads what a module declares.
 *
 * @param sections The module's sections.
 * @returns The shape.
 * @throws {WasmFormatError} If a section is malformed.
 */
export function readShape(sections: readonly Section[]): ModuleShape {
  const bodyOf = (id: number) => sections.find((section) => section.id === id)?.body;
  const types = readTypes(bodyOf(SectionId.type));
  const imports = readImports(bodyOf(SectionId.import));
  const start = bodyOf(SectionId.start);
  return {
    ...types,
    importedFunctions: imports.functions,
    functionTypes: readVector(bodyOf(SectionId.function), (reader) => reader.u32()),
    tables: [...imports.tables, ...readVector(bodyOf(SectionId.table), readTable)],
    memories: [
      ...imports.memories,
      ...readVector(bodyOf(SectionId.memory), (reader) => readLimits(reader, false)),
    ],
    globalCount: imports.globals + readVector(bodyOf(SectionId.global), skipGlobal).length,
    exportNames: new Set(readVector(bodyOf(SectionId.export), readExportName)),
    ...(start !== undefined && { start: new WasmReader(start).u32() }),
  };
}

/** What a byte tells about the limits that follow it. */
export const LimitFlag = { hasMaximum: 1, isShared: 2, is64: 4 } as const;
const ALL_FLAGS = LimitFlag.hasMaximum | LimitFlag.isShared | LimitFlag.is64;

/**
 * Reads the flags before limits.
 *
 * @param reader Stands before the flags.
 * @returns A sum of {@linkcode LimitFlag}.
 * @throws {WasmFormatError} If there are others, such as for pages of another size.
 */
export function readLimitFlags(reader: WasmReader): number {
  const flags = reader.byte();
  if (flags > ALL_FLAGS) throw new WasmFormatError(`Unknown limits 0x${flags.toString(16)}`);
  return flags;
}

/**
 * Reads the limits of a memory or a table.
 *
 * @param reader Stands before the limits.
 * @param isImported Whether another module provides it.
 * @returns What the limits say.
 */
export function readLimits(reader: WasmReader, isImported: boolean): Extent {
  const flags = readLimitFlags(reader);
  const is64 = (flags & LimitFlag.is64) !== 0;
  const initial = reader.u64();
  if ((flags & LimitFlag.hasMaximum) !== 0) reader.skipLeb();
  return { is64, initial, isImported };
}

function readVector<T>(body: Uint8Array | undefined, readItem: (reader: WasmReader) => T): T[] {
  if (body === undefined) return [];
  const reader = new WasmReader(body);
  const items: T[] = [];
  for (let left = reader.u32(); left > 0; left--) items.push(readItem(reader));
  return items;
}

function readTypes(
  body: Uint8Array | undefined,
): Pick<ModuleShape, "typeCount" | "parameterCounts"> {
  const parameterCounts = new Map<number, number>();
  let typeCount = 0;
  const readSubtype = (reader: WasmReader) => {
    let form = reader.byte();
    if (form === 0x50 || form === 0x4f) { // sub, sub final
      for (let left = reader.u32(); left > 0; left--) reader.skipLeb();
      form = reader.byte();
    }
    const index = typeCount++;
    if (form === 0x60) {
      const parameters = reader.u32();
      for (let left = parameters; left > 0; left--) skipValueType(reader);
      for (let left = reader.u32(); left > 0; left--) skipValueType(reader);
      parameterCounts.set(index, parameters);
    } else if (form === 0x5f) { // struct
      for (let left = reader.u32(); left > 0; left--) skipField(reader);
    } else if (form === 0x5e) skipField(reader); // array
    else throw new WasmFormatError(`Unknown type 0x${form.toString(16)}`);
  };
  readVector(body, (reader) => {
    if (reader.peek() !== 0x4e) return readSubtype(reader);
    reader.byte(); // a recursion group
    for (let left = reader.u32(); left > 0; left--) readSubtype(reader);
  });
  return { typeCount, parameterCounts };
}

function skipField(reader: WasmReader): void {
  skipValueType(reader); // the packed types i8 and i16 are one byte too
  reader.byte();
}

function readImports(body: Uint8Array | undefined) {
  const tables: Extent[] = [];
  const memories: Extent[] = [];
  let functions = 0;
  let globals = 0;
  readVector(body, (reader) => {
    reader.skipName();
    reader.skipName();
    const kind = reader.byte();
    if (kind === 0) {
      reader.skipLeb();
      functions++;
    } else if (kind === 1) {
      skipValueType(reader);
      tables.push(readLimits(reader, true));
    } else if (kind === 2) memories.push(readLimits(reader, true));
    else if (kind === 3) {
      skipValueType(reader);
      reader.byte();
      globals++;
    } else if (kind === 4) {
      reader.byte();
      reader.skipLeb();
    } else throw new WasmFormatError(`Unknown kind of import ${kind}`);
  });
  return { functions, tables, memories, globals };
}

function readTable(reader: WasmReader): Extent {
  const hasInitializer = reader.peek() === 0x40;
  if (hasInitializer) reader.skip(2);
  skipValueType(reader);
  const extent = readLimits(reader, false);
  if (hasInitializer) skipExpression(reader);
  return extent;
}

function skipGlobal(reader: WasmReader): void {
  skipValueType(reader);
  reader.byte();
  skipExpression(reader);
}

function readExportName(reader: WasmReader): string {
  const length = reader.u32();
  const start = reader.position;
  reader.skip(length);
  const name = new TextDecoder().decode(reader.bytes.subarray(start, start + length));
  reader.byte();
  reader.skipLeb();
  return name;
}
