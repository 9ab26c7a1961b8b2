/**
 * Reads the WebAssembly binary format, piece by piece.
 *
 * @module
 */

const MAXIMUM_LEB_BYTES = 5;

/** A position in bytes that moves on with everything that is read. */
export class BinaryReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  /**
   * Starts at the first byte.
   *
   * @param bytes What to read.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether everything was read. */
  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /**
   * Reads one byte.
   *
   * @returns The byte.
   * @throws {SyntaxError} If there is none.
   */
  byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) throw new SyntaxError("Cannot read Wasm: unexpected end");
    return byte;
  }

  /**
   * Reads an unsigned LEB128 number of at most 32 bits.
   *
   * @returns The number.
   * @throws {SyntaxError} If there is none.
   */
  u32(): number {
    let value = 0;
    for (let index = 0; index < MAXIMUM_LEB_BYTES; index++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw new SyntaxError("Cannot read Wasm: a number is too long");
  }

  /**
   * Reads some bytes.
   *
   * @param length How many.
   * @returns A view of them.
   * @throws {SyntaxError} If there are not so many.
   */
  bytes(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new SyntaxError("Cannot read Wasm: unexpected end");
    const bytes = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }

  /**
   * Reads a name: its length, then UTF-8.
   *
   * @returns The name.
   * @throws {SyntaxError} If there is none.
   */
  name(): string {
    return new TextDecoder().decode(this.bytes(this.u32()));
  }
}
