/**
 * Reads the binary format of core WebAssembly modules.
 *
 * @module
 */

/** The module is not in the binary format, or uses what this version does not know. */
export class WasmFormatError extends Error {
  /** The name of the class. */
  override readonly name = "WasmFormatError";
}

/** A position in a module's bytes. */
export class WasmReader {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Where the next read starts. */
  position: number;
  /** Where the readable part ends. */
  readonly end: number;

  /**
   * Makes a reader for a part of some bytes.
   *
   * @param bytes The bytes.
   * @param position Where the part starts.
   * @param end Where it ends; at the end of the bytes if absent.
   */
  constructor(bytes: Uint8Array, position = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.position >= this.end;
  }

  /** Reads a byte. */
  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined || this.position >= this.end) {
      throw new WasmFormatError(`Unexpected end at ${this.position}`);
    }
    this.position++;
    return value;
  }

  /** Looks at the next byte. */
  peek(): number {
    const value = this.byte();
    this.position--;
    return value;
  }

  /** Reads an unsigned number of at most 32 bits in LEB128. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WasmFormatError(`Number too long at ${this.position}`);
  }

  /** Reads an unsigned number of at most 64 bits in LEB128. */
  u64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new WasmFormatError(`Number too long at ${this.position}`);
  }

  /** Passes over a number in LEB128 of any size and sign. */
  skipLeb(): void {
    while (this.byte() >= 0x80);
  }

  /**
   * Passes over bytes.
   *
   * @param count How many.
   */
  skip(count: number): void {
    if (this.position + count > this.end) {
      throw new WasmFormatError(`Unexpected end at ${this.position}`);
    }
    this.position += count;
  }

  /** Passes over a name. */
  skipName(): void {
    this.skip(this.u32());
  }
}
