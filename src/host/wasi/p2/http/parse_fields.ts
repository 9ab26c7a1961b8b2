import type { Field } from "./fields.ts";
import { HttpFailure } from "./http_failure.ts";
import { isToken } from "./is_token.ts";

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

/** Longer names are an attack. */
const LONGEST_NAME = 1_024;

/**
 * Splits the head of a message, or a trailer, into lines.
 *
 * @param block The bytes, up to and without the empty line.
 * @returns The lines without their line breaks, which may be CRLF or, as RFC 9112, section 2.2
 * permits, LF.
 */
export function splitLines(block: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < block.length) {
    const lineFeed = block.indexOf(LF, start);
    const end = lineFeed === -1 ? block.length : lineFeed;
    const textEnd = end > start && block[end - 1] === CR ? end - 1 : end;
    lines.push(block.subarray(start, textEnd));
    start = end + 1;
  }
  return lines;
}

/**
 * Reads the field lines of a message.
 *
 * @param lines The lines; see {@linkcode splitLines}.
 * @returns The names and values in order, as they were written, without space around the values.
 * @throws {HttpFailure} `HTTP-protocol-error` for a line that is none, such as a folded one.
 */
export function parseFields(lines: readonly Uint8Array[]): Field[] {
  return lines.map((line) => {
    const colon = line.indexOf(COLON);
    if (colon < 1 || colon > LONGEST_NAME) throw new HttpFailure({ tag: "HTTP-protocol-error" });
    const name = String.fromCharCode(...line.subarray(0, colon));
    if (!isToken(name)) throw new HttpFailure({ tag: "HTTP-protocol-error" });
    const value = trimmed(line.subarray(colon + 1));
    if (value.includes(0x00) || value.includes(CR)) {
      throw new HttpFailure({ tag: "HTTP-protocol-error" });
    }
    return [name, value];
  });
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let start = 0;
  let end = bytes.length;
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  // A copy: a view would keep the whole head alive.
  return bytes.slice(start, end);
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
