/**
 * Turns what a guest writes into lines.
 *
 * @module
 */

/** A longer line is handed on in pieces of this many characters, so that memory stays bounded. */
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
    const lines = (this.#partial + this.#decoder.decode(chunk, { stream: true })).split(
      "\n",
    );
    this.#partial = lines.pop() ?? "";
    for (const line of lines) {
      this.#emit(line.endsWith("\r") ? line.slice(0, -1) : line);
    }
    while (this.#partial.length > LONGEST_LINE) {
      this.#onLine(this.#partial.slice(0, LONGEST_LINE));
      this.#partial = this.#partial.slice(LONGEST_LINE);
    }
  }

  /** Hands on what was written after the last line break. */
  end(): void {
    const rest = this.#partial + this.#decoder.decode();
    this.#partial = "";
    if (rest !== "") this.#emit(rest);
  }

  #emit(line: string): void {
    for (
      let start = 0;
      start === 0 || start < line.length;
      start += LONGEST_LINE
    ) {
      this.#onLine(line.slice(start, start + LONGEST_LINE));
    }
  }
}
