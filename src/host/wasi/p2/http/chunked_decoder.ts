import type { BodyDecoder } from "./body_decoder.ts";
import { MOST_CHUNK_LINE_BYTES, MOST_TRAILER_BYTES } from "./bounds.ts";
import type { Field } from "./fields.ts";
import { HeadCollector } from "./head_collector.ts";
import { HttpFailure } from "./http_failure.ts";
import { parseFields, splitLines } from "./parse_fields.ts";

const LF = 0x0a;
const CR = 0x0d;

// The size, which 13 digits keep within what a number holds exactly, and extensions, which nobody
// needs to understand.
const CHUNK_LINE = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i;

/** The chunked transfer coding of RFC 9112, section 7.1. */
export class ChunkedDecoder implements BodyDecoder {
  #state: "line" | "data" | "data-end" | "trailer" | "done" = "line";
  #line = "";
  /** How much of the chunk is missing. */
  #missing = 0;
  #trailers: readonly Field[] = [];
  readonly #trailerBlock = new HeadCollector(
    MOST_TRAILER_BYTES,
    () => new HttpFailure({ tag: "HTTP-response-trailer-section-size", val: MOST_TRAILER_BYTES }),
  );

  get done(): boolean {
    return this.#state === "done";
  }

  get trailers(): readonly Field[] {
    return this.#trailers;
  }

  decode(chunk: Uint8Array): readonly Uint8Array[] {
    const body: Uint8Array[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      switch (this.#state) {
        case "line":
        case "data-end":
          rest = this.#takeLine(rest);
          break;
        case "data": {
          const data = rest.subarray(0, this.#missing);
          body.push(data);
          this.#missing -= data.length;
          if (this.#missing === 0) this.#state = "data-end";
          rest = rest.subarray(data.length);
          break;
        }
        case "trailer":
          rest = this.#takeTrailer(rest);
          break;
        case "done":
          return body;
      }
    }
    return body;
  }

  end(): void {
    if (!this.done) throw new HttpFailure({ tag: "HTTP-response-incomplete" });
  }

  #takeLine(bytes: Uint8Array): Uint8Array {
    const lineFeed = bytes.indexOf(LF);
    const end = lineFeed === -1 ? bytes.length : lineFeed;
    if (this.#line.length + end > MOST_CHUNK_LINE_BYTES) throw protocolError();
    this.#line += String.fromCharCode(...bytes.subarray(0, end));
    if (lineFeed === -1) return bytes.subarray(end);
    const line = this.#line.charCodeAt(this.#line.length - 1) === CR
      ? this.#line.slice(0, -1)
      : this.#line;
    this.#line = "";
    if (this.#state === "data-end") {
      if (line !== "") throw protocolError();
      this.#state = "line";
    } else {
      const size = CHUNK_LINE.exec(line)?.[1];
      if (size === undefined) throw protocolError();
      this.#missing = Number.parseInt(size, 16);
      this.#state = this.#missing === 0 ? "trailer" : "data";
    }
    return bytes.subarray(lineFeed + 1);
  }

  #takeTrailer(bytes: Uint8Array): Uint8Array {
    const collected = this.#trailerBlock.take(bytes);
    if (collected === undefined) return new Uint8Array();
    this.#trailers = parseFields(splitLines(collected.block));
    this.#state = "done";
    return collected.rest;
  }
}

function protocolError(): HttpFailure {
  return new HttpFailure({ tag: "HTTP-protocol-error" });
}
