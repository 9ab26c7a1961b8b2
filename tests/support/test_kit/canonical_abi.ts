/**
 * The canonical ABI from a guest's side: values are lowered to the numbers that an import is called
 * with and to bytes in the guest's memory, and lifted from there. Handles are their bare numbers, so
 * a test may hand over any.
 *
 * Values: enums are strings, flags lists of names, variants and results `{tag, val}`, options
 * `undefined` or the value, records objects with the names of WIT, `list<u8>` is `Uint8Array`.
 *
 * @module
 */

import type { WitFunction, WitType } from "./wit_model.ts";

/** A value of a variant or a result. */
export interface Tagged {
  /** The case; `ok` or `err` for a result. */
  readonly tag: string;
  /** What it carries. */
  readonly val?: unknown;
}

/** Reads the guest's memory. */
export type ReadMemory = (address: number, length: number) => Promise<Uint8Array>;

/** What an import is called with. */
export interface LoweredCall {
  /** The core parameters, each as 64 bits. */
  readonly parameters: readonly bigint[];
  /** What must stand in memory at the base address. */
  readonly memory: Uint8Array;
  /** Where the result is written; absent if it is the core function's own result. */
  readonly resultAddress?: number;
}

const MAXIMUM_FLAT_PARAMETERS = 16;

/**
 * Lowers a call.
 *
 * @param type The function's type.
 * @param values The arguments.
 * @param base The address of memory that is free.
 * @returns What to call the import with.
 */
export function lowerCall(
  type: WitFunction,
  values: readonly unknown[],
  base: number,
): LoweredCall {
  const arena = new Arena(base);
  const flat = type.parameters.flatMap(flatten);
  const parameters: bigint[] = [];
  if (flat.length > MAXIMUM_FLAT_PARAMETERS) {
    const tuple: WitType = { kind: "tuple", elements: type.parameters };
    const address = arena.allocate(layoutOf(tuple).size);
    arena.store(tuple, { address, value: values });
    parameters.push(BigInt(address));
  } else {
    type.parameters.forEach((parameter, index) =>
      parameters.push(...arena.lower(parameter, values[index]))
    );
  }
  const { result } = type;
  if (result === undefined || flatten(result).length <= 1) {
    return { parameters, memory: arena.bytes };
  }
  const resultAddress = arena.allocate(layoutOf(result).size);
  return { parameters: [...parameters, BigInt(resultAddress)], memory: arena.bytes, resultAddress };
}

/**
 * Lifts a value that stands in memory.
 *
 * @param type Its type.
 * @param address Where it stands.
 * @param read Reads memory.
 * @returns The value.
 */
export async function load(type: WitType, address: number, read: ReadMemory): Promise<unknown> {
  const { size } = layoutOf(type);
  const view = viewOf(await read(address, size));
  return await loadFrom(view, { type, offset: 0, read });
}

/**
 * Lifts a result that fits into one number.
 *
 * @param type Its type.
 * @param flat The number.
 * @returns The value.
 */
export function liftFlat(type: WitType, flat: bigint): unknown {
  switch (type.kind) {
    case "primitive":
      if (type.name === "u64") return flat;
      return type.name === "bool" ? flat !== 0n : Number(flat);
    case "enum":
      return type.cases[Number(flat)];
    case "result":
      return { tag: flat === 0n ? "ok" : "err" };
    case "flags":
      return type.names.filter((_, bit) => (flat >> BigInt(bit)) & 1n);
    default:
      return Number(flat);
  }
}

interface Layout {
  readonly size: number;
  readonly alignment: number;
}

interface Placed {
  readonly address: number;
  readonly value: unknown;
}

interface Source {
  readonly type: WitType;
  readonly offset: number;
  readonly read: ReadMemory;
}

const PRIMITIVE_SIZES = { bool: 1, u8: 1, u16: 2, u32: 4, char: 4, u64: 8, string: 8 } as const;

function layoutOf(type: WitType): Layout {
  switch (type.kind) {
    case "primitive": {
      const size = PRIMITIVE_SIZES[type.name];
      return { size, alignment: type.name === "string" ? 4 : size };
    }
    case "list":
      return { size: 8, alignment: 4 };
    case "handle":
      return { size: 4, alignment: 4 };
    case "flags":
    case "enum":
      return { size: 1, alignment: 1 };
    case "record":
    case "tuple":
      return sequenceLayout(elementsOf(type));
    case "option":
    case "result":
    case "variant": {
      const payloads = casesOf(type).flatMap(([, payload]) => payload ?? []).map(layoutOf);
      const alignment = Math.max(1, ...payloads.map((layout) => layout.alignment));
      const size = Math.max(0, ...payloads.map((layout) => layout.size));
      return { size: align(align(1, alignment) + size, alignment), alignment };
    }
  }
}

function sequenceLayout(elements: readonly WitType[]): Layout {
  let [size, alignment] = [0, 1];
  for (const element of elements) {
    const layout = layoutOf(element);
    size = align(size, layout.alignment) + layout.size;
    alignment = Math.max(alignment, layout.alignment);
  }
  return { size: align(size, alignment), alignment };
}

function elementsOf(type: WitType & { readonly kind: "record" | "tuple" }): readonly WitType[] {
  return type.kind === "record" ? type.fields.map(([, field]) => field) : type.elements;
}

function casesOf(
  type: WitType & { readonly kind: "option" | "result" | "variant" },
): readonly (readonly [string, WitType | undefined])[] {
  switch (type.kind) {
    case "option":
      return [["none", undefined], ["some", type.some]];
    case "result":
      return [["ok", type.ok], ["err", type.error]];
    case "variant":
      return type.cases;
  }
}

/** The core types that a type is passed as; `undefined` type has none. */
function flatten(type: WitType): readonly ("i32" | "i64")[] {
  switch (type.kind) {
    case "primitive":
      if (type.name === "string") return ["i32", "i32"];
      return [type.name === "u64" ? "i64" : "i32"];
    case "list":
      return ["i32", "i32"];
    case "handle":
    case "flags":
    case "enum":
      return ["i32"];
    case "record":
    case "tuple":
      return elementsOf(type).flatMap(flatten);
    case "option":
    case "result":
    case "variant":
      return ["i32", ...joined(casesOf(type).map(([, payload]) => payload))];
  }
}

function joined(payloads: readonly (WitType | undefined)[]): readonly ("i32" | "i64")[] {
  const joint: ("i32" | "i64")[] = [];
  for (const payload of payloads) {
    const flat = payload === undefined ? [] : flatten(payload);
    flat.forEach((core, index) => {
      joint[index] = (joint[index] ?? core) === core ? core : "i64";
    });
  }
  return joint;
}

/** Memory that is filled here and written to the guest in one piece. */
class Arena {
  readonly #base: number;
  #buffer = new Uint8Array(1_024);
  #used = 0;

  constructor(base: number) {
    this.#base = base;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }

  allocate(size: number): number {
    const start = align(this.#used, 8);
    this.#used = start + size;
    if (this.#used > this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#used);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    return this.#base + start;
  }

  lower(type: WitType, value: unknown): readonly bigint[] {
    switch (type.kind) {
      case "primitive":
        if (type.name === "string") return this.#lowerList(type, value);
        return [type.name === "u64" ? BigInt(value as bigint | number) : codeOf(type.name, value)];
      case "list":
        return this.#lowerList(type, value);
      case "handle":
        return [BigInt.asUintN(32, BigInt(value as number))];
      case "enum":
      case "flags":
        return [BigInt(numberOf(type, value))];
      case "record":
      case "tuple":
        return elementsOf(type).flatMap((element, index) =>
          this.lower(element, memberOf(type, { value, index }))
        );
      case "option":
      case "result":
      case "variant": {
        const { discriminant, payload, content } = chosen(type, value);
        const width = flatten(type).length - 1;
        const flat = payload === undefined ? [] : this.lower(payload, content);
        return [
          BigInt(discriminant),
          ...Array.from({ length: width }, (_, index) => flat[index] ?? 0n),
        ];
      }
    }
  }

  store(type: WitType, { address, value }: Placed): void {
    const at = address - this.#base;
    switch (type.kind) {
      case "primitive":
      case "list":
      case "handle":
      case "enum":
      case "flags": {
        const flat = this.lower(type, value);
        const width = flat.length === 2 ? 4 : layoutOf(type).size;
        flat.forEach((number, index) => this.#write(at + index * width, { width, number }));
        return;
      }
      case "record":
      case "tuple": {
        let offset = 0;
        elementsOf(type).forEach((element, index) => {
          const { size, alignment } = layoutOf(element);
          offset = align(offset, alignment);
          const member = memberOf(type, { value, index });
          this.store(element, { address: address + offset, value: member });
          offset += size;
        });
        return;
      }
      case "option":
      case "result":
      case "variant": {
        const { discriminant, payload, content } = chosen(type, value);
        this.#write(at, { width: 1, number: BigInt(discriminant) });
        const { alignment } = layoutOf(type);
        if (payload !== undefined) {
          this.store(payload, { address: address + alignment, value: content });
        }
      }
    }
  }

  #lowerList(type: WitType, value: unknown): readonly bigint[] {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    if (bytes instanceof Uint8Array) {
      const address = this.allocate(bytes.length);
      this.#buffer.set(bytes, address - this.#base);
      return [BigInt(address), BigInt(bytes.length)];
    }
    if (type.kind !== "list" || !Array.isArray(value)) throw new TypeError("Not a list");
    const { size } = layoutOf(type.element);
    const address = this.allocate(size * value.length);
    value.forEach((item: unknown, index) =>
      this.store(type.element, { address: address + index * size, value: item })
    );
    return [BigInt(address), BigInt(value.length)];
  }

  #write(offset: number, { width, number }: { readonly width: number; readonly number: bigint }) {
    const view = viewOf(this.#buffer);
    if (width === 8) view.setBigUint64(offset, number, true);
    else if (width === 4) view.setUint32(offset, Number(number), true);
    else if (width === 2) view.setUint16(offset, Number(number), true);
    else view.setUint8(offset, Number(number));
  }
}

async function loadFrom(view: DataView, { type, offset, read }: Source): Promise<unknown> {
  switch (type.kind) {
    case "primitive":
      if (type.name === "string") {
        return new TextDecoder().decode(await read(...span(view, offset)));
      }
      return loadNumber(view, { name: type.name, offset });
    case "list":
      return await loadList(type.element, { span: span(view, offset), read });
    case "handle":
      return view.getUint32(offset, true);
    case "enum":
    case "flags":
      return liftFlat(type, BigInt(view.getUint8(offset)));
    case "record": {
      const values = await loadSequence(view, { type, offset, read });
      return Object.fromEntries(type.fields.map(([name], index) => [name, values[index]]));
    }
    case "tuple":
      return await loadSequence(view, { type, offset, read });
    case "option":
    case "result":
    case "variant": {
      const [tag, payload] = casesOf(type)[view.getUint8(offset)] ?? ["invalid", undefined];
      const val = payload === undefined ? undefined : await loadFrom(view, {
        type: payload,
        offset: offset + layoutOf(type).alignment,
        read,
      });
      if (type.kind === "option") return val;
      return payload === undefined ? { tag } : { tag, val };
    }
  }
}

async function loadSequence(
  view: DataView,
  { type, offset, read }: Source & { readonly type: WitType & { kind: "record" | "tuple" } },
): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  let position = 0;
  for (const element of elementsOf(type)) {
    const { size, alignment } = layoutOf(element);
    position = align(position, alignment);
    values.push(await loadFrom(view, { type: element, offset: offset + position, read }));
    position += size;
  }
  return values;
}

async function loadList(
  element: WitType,
  list: { readonly span: readonly [number, number]; readonly read: ReadMemory },
): Promise<unknown> {
  const [address, length] = list.span;
  const { size } = layoutOf(element);
  const bytes = await list.read(address, size * length);
  if (element.kind === "primitive" && element.name === "u8") return bytes;
  const values: unknown[] = [];
  for (let index = 0; index < length; index++) {
    const source = { type: element, offset: index * size, read: list.read };
    values.push(await loadFrom(viewOf(bytes), source));
  }
  return values;
}

function loadNumber(
  view: DataView,
  { name, offset }: { readonly name: string; readonly offset: number },
): unknown {
  switch (name) {
    case "u64":
      return view.getBigUint64(offset, true);
    case "u32":
    case "char":
      return view.getUint32(offset, true);
    case "u16":
      return view.getUint16(offset, true);
    case "bool":
      return view.getUint8(offset) !== 0;
    default:
      return view.getUint8(offset);
  }
}

function span(view: DataView, offset: number): readonly [address: number, length: number] {
  return [view.getUint32(offset, true), view.getUint32(offset + 4, true)];
}

function chosen(
  type: WitType & { readonly kind: "option" | "result" | "variant" },
  value: unknown,
): { discriminant: number; payload: WitType | undefined; content: unknown } {
  const cases = casesOf(type);
  const { tag, val } = type.kind !== "option"
    ? value as Tagged
    : value === undefined
    ? { tag: "none", val: undefined }
    : { tag: "some", val: value };
  const discriminant = cases.findIndex(([name]) => name === tag);
  if (discriminant < 0) throw new RangeError(`There is no case "${tag}"`);
  return { discriminant, payload: cases[discriminant]?.[1], content: val };
}

function numberOf(type: WitType & { readonly kind: "enum" | "flags" }, value: unknown): number {
  if (type.kind === "enum") {
    const index = type.cases.indexOf(value as string);
    if (index < 0) throw new RangeError(`There is no case "${value}"`);
    return index;
  }
  return (value as readonly string[]).reduce((sum, name) => {
    const bit = type.names.indexOf(name);
    if (bit < 0) throw new RangeError(`There is no flag "${name}"`);
    return sum | (1 << bit);
  }, 0);
}

function memberOf(
  type: WitType & { readonly kind: "record" | "tuple" },
  { value, index }: { readonly value: unknown; readonly index: number },
): unknown {
  if (type.kind === "tuple") return (value as readonly unknown[])[index];
  const name = type.fields[index]?.[0] ?? "";
  return (value as Readonly<Record<string, unknown>>)[name];
}

function codeOf(name: string, value: unknown): bigint {
  return name === "bool" ? (value === true ? 1n : 0n) : BigInt(value as number);
}

function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
