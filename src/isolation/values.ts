/**
 * Values of guests as JSON. jco maps WIT types to more than JSON has: `u64` to bigints, lists of
 * numbers to typed arrays, `f64` to numbers that JSON has no words for. Each of those becomes an
 * object with one key that starts with `$`; an object of the guest's with such a key is wrapped, so
 * that it cannot be taken for one.
 *
 * @module
 */

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

const MARK = "$";

type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

const ARRAYS: Readonly<Record<string, new (buffer: ArrayBuffer) => TypedArray>> = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
};

/**
 * Turns a value into JSON and buffers.
 *
 * @param value A value as jco maps WIT types to JavaScript.
 * @param buffers Takes the contents of typed arrays, copied: the value stays the caller's.
 * @returns The JSON.
 * @throws {TypeError} If the value holds what no WIT type maps to, such as a function.
 * @throws {RangeError} If it is nested too deeply, or circular.
 */
export function pack(value: unknown, buffers: ArrayBuffer[]): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return { $bigint: value.toString() };
    case "undefined":
      return { $undefined: true };
    case "object":
      return value === null ? null : packObject(value, buffers);
    default:
      throw new TypeError(`A ${typeof value} cannot be sent to a guest`);
  }
}

/**
 * Turns JSON and buffers back into the value.
 *
 * @param json What {@linkcode pack} returned.
 * @param buffers The buffers that it made.
 * @returns The value.
 * @throws {TypeError} If `pack` cannot have made this.
 */
export function unpack(json: unknown, buffers: readonly unknown[]): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => unpack(item, buffers));
  const entries = Object.entries(json);
  const mark = entries.find(([key]) => key.startsWith(MARK));
  return mark === undefined ? unpackEntries(entries, buffers) : unpackMarked(mark, buffers);
}

function packObject(value: object, buffers: ArrayBuffer[]): Json {
  if (Array.isArray(value)) return Array.from(value, (item) => pack(item, buffers));
  if (ArrayBuffer.isView(value)) return packView(value, buffers);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    .map(([key, item]): [string, Json] => [key, pack(item, buffers)]);
  return entries.some(([key]) => key.startsWith(MARK))
    ? { $object: entries }
    : Object.fromEntries(entries);
}

function packView(view: ArrayBufferView, buffers: ArrayBuffer[]): Json {
  // A Buffer of Node's says that it is a Uint8Array, and is one.
  const name: unknown = Reflect.get(view, Symbol.toStringTag);
  if (typeof name !== "string" || !Object.hasOwn(ARRAYS, name)) {
    throw new TypeError(`A ${String(name)} cannot be sent to a guest`);
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  return { $array: [name, buffers.push(bytes.buffer) - 1] };
}

function unpackEntries(
  entries: readonly (readonly [string, unknown])[],
  buffers: readonly unknown[],
): unknown {
  return Object.fromEntries(entries.map(([key, item]) => [key, unpack(item, buffers)]));
}

function unpackMarked([mark, content]: [string, unknown], buffers: readonly unknown[]): unknown {
  switch (mark) {
    case "$undefined":
      return undefined;
    case "$number":
      return Number(content);
    case "$bigint":
      return toBigInt(content);
    case "$array":
      return toArray(content, buffers);
    case "$object":
      if (Array.isArray(content)) return unpackEntries(content, buffers);
  }
  throw new TypeError(`No value is written as "${mark}"`);
}

function toBigInt(content: unknown): bigint {
  if (typeof content !== "string" || !/^-?\d+$/.test(content)) {
    throw new TypeError(`"${content}" is no bigint`);
  }
  return BigInt(content);
}

function toArray(content: unknown, buffers: readonly unknown[]): TypedArray {
  const [name, index]: readonly unknown[] = Array.isArray(content) ? content : [];
  const buffer = typeof index === "number" ? buffers[index] : undefined;
  const constructor = typeof name === "string" && Object.hasOwn(ARRAYS, name)
    ? ARRAYS[name]
    : undefined;
  if (constructor === undefined || !(buffer instanceof ArrayBuffer)) {
    throw new TypeError("The buffer of an array did not come with it");
  }
  return new constructor(buffer);
}
