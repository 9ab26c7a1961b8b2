/**
 * Turns what a guest writes into lines.
 *
 * @module
 */

/** A longer line is handed on in pieces of this many UTF-16 code units, to bound the memory. */
const LONGEST_LINE = 64 * 1024;

/** Collects chunks of UTF-8 and hands them on line by line. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #partial = "";

  /**
   * Makes a splitter.
   *
   * @param onLine Takes each line, without its line break. Bytes that are no UTF-8 are replaced.
   */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk Any part of the text; a character may be cut in two.
   */
  write(chunk: Uint8Array): void {
    this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  /** Hands on what was written after the last line break. */
  end(): void {
    this.#take(this.#decoder.decode());
    if (this.#partial !== "") this.#onLine(this.#partial);
    this.#partial = "";
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split("\n");
    this.#partial = this.#cut(lines.pop() ?? "");
    for (const line of lines) {
      this.#onLine(this.#cut(line.endsWith("\r") ? line.slice(0, -1) : line));
    }
  }

  /** Hands on all but the last piece of a long line, and returns that one. */
  #cut(line: string): string {
    let rest = line;
    // A carriage return at the end may belong to a line break that is still to come.
    while (rest.length > LONGEST_LINE + (rest.endsWith("\r") ? 1 : 0)) {
      const within = isHighSurrogate(rest.charCodeAt(LONGEST_LINE - 1));
      const length = within ? LONGEST_LINE - 1 : LONGEST_LINE;
      this.#onLine(rest.slice(0, length));
      rest = rest.slice(length);
    }
    return rest;
  }
}

/** Whether a code unit is the first half of a character. */
function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
