/** Up to how many bytes it is cheaper to copy one by one. */
const SHORT = 48;

/** Bytes that grow, in the encodings of the WebAssembly binary format. */
export class WasmWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /**
   * Makes a writer.
   *
   * @param capacity How many bytes are expected.
   */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#length;
  }

  /** What was written; a view that the next write may make stale. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
  }

  /**
   * Writes a byte.
   *
   * @param value The byte.
   */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /**
   * Writes bytes as they are.
   *
   * @param bytes The bytes.
   */
  raw(bytes: Uint8Array | readonly number[]): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * Writes a part of some bytes as it is.
   *
   * @param bytes The bytes.
   * @param start Where the part starts.
   * @param end Where it ends.
   */
  part(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > SHORT) return this.raw(bytes.subarray(start, end));
    this.#reserve(end - start);
    // A view costs more than a few bytes do.
    for (let index = start; index < end; index++) {
      this.#bytes[this.#length++] = bytes[index] ?? 0;
    }
  }

  /**
   * Writes an instruction that refers to something by its index.
   *
   * @param opcode The opcode.
   * @param index The index.
   */
  indexed(opcode: number, index: number): void {
    this.byte(opcode);
    this.u32(index);
  }

  /**
   * Writes an unsigned number in LEB128.
   *
   * @param value At most 32 bits.
   */
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /**
   * Writes an unsigned number of at most 64 bits in LEB128.
   *
   * @param value The number.
   */
  u64(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  /**
   * Writes a signed number in LEB128.
   *
   * @param value At most 32 bits.
   */
  s32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
      this.byte(isLast ? low : low | 0x80);
      if (isLast) return;
    }
  }

  /**
   * Writes a name.
   *
   * @param name The name.
   */
  name(name: string): void {
    const bytes = new TextEncoder().encode(name);
    this.u32(bytes.length);
    this.raw(bytes);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.written);
    this.#bytes = grown;
  }
}
