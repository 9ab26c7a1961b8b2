import type { Field } from "./fields.ts";
import { HttpFailure } from "./http_failure.ts";
import { parseFields, splitLines } from "./parse_fields.ts";

/** The status line and header of a response. */
export interface ResponseHead {
  /** 100 to 999. */
  readonly status: number;
  /** The header, as the server wrote it. */
  readonly fields: readonly Field[];
}

// RFC 9112, section 4; the reason phrase, which has no meaning, may be absent with its space.
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/;
const STATUS_LINE_LENGTH = "HTTP/1.1 200 ".length;

/**
 * Reads the head of a response.
 *
 * @param block The lines, up to and without the empty one.
 * @returns The head.
 * @throws {HttpFailure} `HTTP-protocol-error` if this is no head of HTTP/1.
 */
export function parseResponseHead(block: Uint8Array): ResponseHead {
  const [first = new Uint8Array(), ...lines] = splitLines(block);
  const start = String.fromCharCode(...first.subarray(0, STATUS_LINE_LENGTH));
  const status = STATUS_LINE.exec(start)?.[1];
  if (status === undefined) throw new HttpFailure({ tag: "HTTP-protocol-error" });
  return { status: Number(status), fields: parseFields(lines) };
}
