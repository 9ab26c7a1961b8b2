/** An unsigned number as WebAssembly writes it, and where it ends. */
export interface Leb128 {
  /** The number. */
  readonly value: number;
  /** The offset behind its last byte. */
  readonly end: number;
}

const MAXIMUM_BYTES = 5;

/**
 * Reads an unsigned LEB128 number of at most 32 bits.
 *
 * @param bytes What to read from.
 * @param offset Where it starts.
 * @returns The number; `undefined` if there is none.
 */
export function readLeb128(bytes: Uint8Array, offset: number): Leb128 | undefined {
  let value = 0;
  for (let index = 0; index < MAXIMUM_BYTES; index++) {
    const byte = bytes[offset + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: offset + index + 1 };
  }
  return undefined;
}

/**
 * Writes an unsigned LEB128 number.
 *
 * @param value The number, from 0 to 2^32 - 1.
 * @param width How many bytes to take at least; more than needed is the overlong form.
 * @returns The bytes.
 */
export function writeLeb128(value: number, width = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest % 0x80);
    rest = Math.floor(rest / 0x80);
  } while (rest > 0 || bytes.length < width);
  return bytes.map((byte, index) => index < bytes.length - 1 ? byte | 0x80 : byte);
}
