/**
 * The functions of the interfaces that a component exports. The WIT text of a component names the
 * interfaces alone, so this is read from the binary: every definition that an exported instance can
 * come from is followed to the names that it was made of. Types and code are passed over.
 *
 * Format: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 *
 * @module
 */

import { BinaryReader } from "./binary_reader.ts";

const PREAMBLE_LENGTH = 8;
const Section = { component: 4, instance: 5, alias: 6, import: 10, export: 11 } as const;
const Sort = { core: 0, func: 1, component: 4, instance: 5 } as const;

/** What a component defines, and the component around it, for outer aliases. */
interface Scope {
  readonly components: (Scope | undefined)[];
  readonly instances: (Exports | undefined)[];
  readonly exports: Map<string, Item>;
  readonly parent: Scope | undefined;
}

/** What an instance exports, by name. */
type Exports = ReadonlyMap<string, Item>;

/** An item of an index space, as far as it matters here: what is imported is not known. */
interface Item {
  readonly sort: number;
  readonly component?: Scope | undefined;
  readonly instance?: Exports | undefined;
}

/**
 * Lists the functions of every interface that a component exports.
 *
 * @param component The component's bytes.
 * @returns The names of the functions in kebab-case, methods as `[method]resource.name`, by the
 * interface's id with its version. An interface that is an import passed on has none.
 * @throws {SyntaxError} If the component is cut short, or of a form that is not known here.
 */
export function exportedFunctions(
  component: Uint8Array,
): ReadonlyMap<string, readonly string[]> {
  const functions = new Map<string, readonly string[]>();
  for (const [name, { sort, instance }] of readScope(component, undefined).exports) {
    if (sort === Sort.instance) functions.set(name, functionsOf(instance));
  }
  return functions;
}

function functionsOf(instance: Exports | undefined): readonly string[] {
  return [...instance ?? []].filter(([, { sort }]) => sort === Sort.func).map(([name]) => name);
}

function readScope(bytes: Uint8Array, parent: Scope | undefined): Scope {
  const scope: Scope = { components: [], instances: [], exports: new Map(), parent };
  const reader = new BinaryReader(bytes.subarray(PREAMBLE_LENGTH));
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.bytes(reader.u32());
    if (id === Section.component) scope.components.push(readScope(content, scope));
    else readSection(id, new BinaryReader(content), scope);
  }
  return scope;
}

function readSection(id: number, reader: BinaryReader, scope: Scope): void {
  const readEntry = ENTRIES.get(id);
  if (readEntry === undefined) return;
  for (let left = reader.u32(); left > 0; left--) readEntry(reader, scope);
}

const ENTRIES: ReadonlyMap<number, (reader: BinaryReader, scope: Scope) => void> = new Map([
  [Section.instance, readInstance],
  [Section.alias, readAlias],
  [Section.import, readImport],
  [Section.export, readExport],
]);

function readInstance(reader: BinaryReader, scope: Scope): void {
  const isInline = reader.byte() === 1;
  if (!isInline) {
    const component = scope.components[reader.u32()];
    for (let left = reader.u32(); left > 0; left--) {
      reader.name();
      readSortIndex(reader);
    }
    scope.instances.push(component?.exports);
    return;
  }
  const exports = new Map<string, Item>();
  for (let left = reader.u32(); left > 0; left--) {
    exports.set(readExternName(reader), itemAt(readSortIndex(reader), scope));
  }
  scope.instances.push(exports);
}

function readAlias(reader: BinaryReader, scope: Scope): void {
  const sort = readSort(reader);
  const target = reader.byte();
  const first = reader.u32();
  switch (target) {
    case 0: { // of an instance's export
      const name = reader.name(); // read also where the instance is an import, and not known
      return define(scope.instances[first]?.get(name) ?? { sort }, scope);
    }
    case 1: // of a core instance's export
      reader.name();
      return;
    case 2: { // of what an enclosing component defines
      let outer: Scope | undefined = scope;
      for (let count = first; count > 0; count--) outer = outer?.parent;
      const index = reader.u32();
      return define(outer === undefined ? { sort } : itemAt({ sort, index }, outer), scope);
    }
    default:
      throw new SyntaxError(`Cannot read the component: alias target ${target} is not known`);
  }
}

function readImport(reader: BinaryReader, scope: Scope): void {
  readExternName(reader);
  define({ sort: readDescription(reader) }, scope);
}

function readExport(reader: BinaryReader, scope: Scope): void {
  const name = readExternName(reader);
  const item = itemAt(readSortIndex(reader), scope);
  const isDescribed = reader.byte() === 1;
  if (isDescribed) readDescription(reader);
  scope.exports.set(name, item);
  define(item, scope); // an export can be referred to like what it exports
}

/** Appends an item to its index space, where that is one that instances can come from. */
function define(item: Item, scope: Scope): void {
  if (item.sort === Sort.component) scope.components.push(item.component);
  if (item.sort === Sort.instance) scope.instances.push(item.instance);
}

function itemAt(
  { sort, index }: { readonly sort: number; readonly index: number },
  scope: Scope,
): Item {
  if (sort === Sort.component) return { sort, component: scope.components[index] };
  if (sort === Sort.instance) return { sort, instance: scope.instances[index] };
  return { sort };
}

/** An import's or export's name; a version that is split off it follows where the mark says so. */
function readExternName(reader: BinaryReader): string {
  const mark = reader.byte();
  if (mark > 1) {
    throw new SyntaxError(`Cannot read the component: names of kind ${mark} are not known`);
  }
  return reader.name();
}

function readSort(reader: BinaryReader): number {
  const sort = reader.byte();
  if (sort === Sort.core) reader.byte();
  return sort;
}

function readSortIndex(reader: BinaryReader): { readonly sort: number; readonly index: number } {
  return { sort: readSort(reader), index: reader.u32() };
}

/** Passes over what says of which type an import or export is. Returns its sort. */
function readDescription(reader: BinaryReader): number {
  const sort = readSort(reader);
  // Of a value or a type, a byte says first in which way it is bound.
  const isBound = sort === 2 || sort === 3;
  const isNewResource = isBound && reader.byte() === 1 && sort === 3;
  if (!isNewResource) reader.u32();
  return sort;
}
