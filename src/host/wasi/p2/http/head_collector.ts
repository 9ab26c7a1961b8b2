const LF = 0x0a;
const CR = 0x0d;
const FIRST_CAPACITY = 4_096;

/** A block of lines that ends with an empty line, and what came after it. */
export interface CollectedBlock {
  /** The lines, without the empty one. */
  readonly block: Uint8Array;
  /** What came after the empty line. */
  readonly rest: Uint8Array;
}

/** Collects bytes until an empty line: the head of a message, or the trailer of a chunked body. */
export class HeadCollector {
  readonly #most: number;
  readonly #tooLong: () => Error;
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;
  /** Where the line begins that is not whole yet. */
  #lineStart = 0;

  /**
   * Creates a collector.
   *
   * @param most How many bytes at most.
   * @param tooLong Makes the error to throw where there are more.
   */
  constructor(most: number, tooLong: () => Error) {
    this.#most = most;
    this.#tooLong = tooLong;
  }

  /** Whether nothing has come yet. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /**
   * Takes bytes.
   *
   * @param chunk The bytes.
   * @returns The block, once its empty line has come.
   * @throws What `tooLong` made.
   */
  take(chunk: Uint8Array): CollectedBlock | undefined {
    let scanned = 0;
    while (true) {
      const lineFeed = chunk.indexOf(LF, scanned);
      const end = lineFeed === -1 ? chunk.length : lineFeed + 1;
      this.#append(chunk.subarray(scanned, end));
      if (lineFeed === -1) return undefined;
      scanned = end;
      const lineStart = this.#lineStart;
      this.#lineStart = this.#length;
      const lineLength = this.#length - lineStart;
      const isEmptyLine = lineLength === 1 || lineLength === 2 && this.#bytes[lineStart] === CR;
      if (isEmptyLine) {
        return { block: this.#bytes.slice(0, lineStart), rest: chunk.subarray(scanned) };
      }
    }
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#most) throw this.#tooLong();
    if (length > this.#bytes.length) {
      // Doubled, so that a head that comes byte by byte is not copied at every byte.
      const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }
}
