/**
 * The fenced code blocks of a Markdown page.
 *
 * @module
 */

/** One fenced code block. */
export interface CodeBlock {
  /** The line of its opening fence, counted from 1. */
  readonly line: number;
  /** What follows the opening fence, such as `sh runs-until-interrupt`; empty if nothing does. */
  readonly info: string;
  /** What stands between the fences, with a line break at its end. */
  readonly text: string;
}

const OPENING_REGEXP = /^( *)(`{3,}|~{3,})(.*)$/;

/**
 * Finds the code blocks of a page.
 *
 * @param markdown The page.
 * @returns The blocks, in order. An indented fence takes its indentation from the lines in it.
 * @throws {SyntaxError} If a fence is not closed.
 */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const opening = OPENING_REGEXP.exec(lines[index] ?? "");
    if (opening === null) continue;
    const [, indentation = "", fence = "", info = ""] = opening;
    const start = index + 1;
    const length = lines.slice(start).findIndex((line) => isClosing(line.trim(), fence));
    if (length === -1) throw new SyntaxError(`Line ${start}: the code block is not closed`);
    const text = lines.slice(start, start + length)
      .map((line) => `${line.startsWith(indentation) ? line.slice(indentation.length) : line}\n`)
      .join("");
    blocks.push({ line: start, info: info.trim(), text });
    index = start + length;
  }
  return blocks;
}

function isClosing(line: string, fence: string): boolean {
  return line.startsWith(fence) && line.replaceAll(fence[0] ?? "", "") === "";
}
