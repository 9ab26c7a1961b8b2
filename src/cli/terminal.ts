/**
 * The process's output streams.
 *
 * @module
 */

const DEFAULT_WIDTH = 100;

/** Writes text and bytes, and knows whether somebody is looking. */
export class Terminal {
  /** Whether text may be coloured: stdout is a terminal and `NO_COLOR` is not set. */
  readonly colour: boolean = Deno.stdout.isTerminal() && !Deno.noColor;
  /** How many columns a line of help may take. */
  readonly width: number = widthOf();
  /** How many columns a line of a table may take: all that it needs where a program reads it. */
  readonly tableWidth: number = Deno.stdout.isTerminal() ? this.width : Infinity;
  /** Called once if stdout was closed by whoever read it; what follows is dropped. */
  onClosed: () => void = () => {};
  readonly #encoder = new TextEncoder();
  #closed = false;

  /**
   * Writes to stdout.
   *
   * @param text The text, with its line breaks.
   */
  out(text: string): void {
    this.write("stdout", this.#encoder.encode(text));
  }

  /**
   * Writes to stderr.
   *
   * @param text The text, with its line breaks.
   */
  err(text: string): void {
    this.write("stderr", this.#encoder.encode(text));
  }

  /**
   * Writes bytes as they are.
   *
   * @param stream Where to.
   * @param bytes The bytes.
   */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    if (this.#closed) return;
    try {
      for (let written = 0; written < bytes.length;) {
        written += Deno[stream].writeSync(bytes.subarray(written));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      this.#closed = true;
      this.onClosed();
    }
  }
}

function widthOf(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : DEFAULT_WIDTH;
}
