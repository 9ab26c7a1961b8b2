import assert from "node:assert/strict";
import { decoderFor } from "../../../../../src/host/wasi/p2/http/decoder_for.ts";
import type { ErrorCode } from "../../../../../src/host/wasi/p2/http/error_code.ts";
import { HttpFailure } from "../../../../../src/host/wasi/p2/http/http_failure.ts";
import { HeadCollector } from "../../../../../src/host/wasi/p2/http/head_collector.ts";
import { parseResponseHead } from "../../../../../src/host/wasi/p2/http/response_head.ts";

/** What a server says, and what becomes of it. */
interface Vector {
  readonly name: string;
  /** The head without its empty line. */
  readonly head: string;
  /** What follows, until the server closes the connection. */
  readonly body: string;
  readonly method?: string;
  readonly expected:
    | { readonly body: string; readonly trailers?: Readonly<Record<string, string>> }
    | { readonly error: ErrorCode; readonly body?: string };
}

const OK = "HTTP/1.1 200 OK";
const CHUNKED = `${OK}\r\ntransfer-encoding: chunked`;
const PROTOCOL_ERROR = { error: { tag: "HTTP-protocol-error" } } as const;
const INCOMPLETE = { tag: "HTTP-response-incomplete" } as const;

const VECTORS: readonly Vector[] = [
  { name: "a length", head: `${OK}\r\ncontent-length: 3`, body: "abc", expected: { body: "abc" } },
  {
    name: "more than the length",
    head: `${OK}\r\ncontent-length: 3`,
    body: "abcdef",
    expected: { body: "abc" },
  },
  {
    name: "less than the length",
    head: `${OK}\r\ncontent-length: 4`,
    body: "abc",
    expected: { body: "abc", error: INCOMPLETE },
  },
  {
    name: "the same length twice",
    head: `${OK}\r\ncontent-length: 3\r\nContent-Length: 3, 3`,
    body: "abc",
    expected: { body: "abc" },
  },
  {
    name: "two lengths",
    head: `${OK}\r\ncontent-length: 3\r\ncontent-length: 4`,
    body: "abc",
    expected: PROTOCOL_ERROR,
  },
  ...["-1", "+3", "3x", "0x3", "", "9999999999999999"].map((length): Vector => ({
    name: `the length "${length}"`,
    head: `${OK}\r\ncontent-length: ${length}`,
    body: "abc",
    expected: PROTOCOL_ERROR,
  })),
  { name: "no length", head: OK, body: "abc", expected: { body: "abc" } },
  { name: "no length and no body", head: OK, body: "", expected: { body: "" } },
  { name: "HTTP/1.0", head: "HTTP/1.0 200 OK", body: "abc", expected: { body: "abc" } },
  { name: "no reason phrase", head: "HTTP/1.1 200", body: "a", expected: { body: "a" } },
  { name: "an empty reason", head: "HTTP/1.1 200 ", body: "a", expected: { body: "a" } },
  {
    name: "bare line feeds",
    head: "HTTP/1.1 200 OK\ncontent-length: 1",
    body: "abc",
    expected: { body: "a" },
  },
  {
    name: "an answer to HEAD",
    head: `${OK}\r\ncontent-length: 3`,
    body: "",
    method: "HEAD",
    expected: { body: "" },
  },
  {
    name: "status 204",
    head: "HTTP/1.1 204 X\r\ncontent-length: 3",
    body: "abc",
    expected: { body: "" },
  },
  {
    name: "status 304",
    head: "HTTP/1.1 304 X\r\ncontent-length: 3",
    body: "",
    expected: { body: "" },
  },
  {
    name: "chunks",
    head: CHUNKED,
    body: "3\r\nabc\r\n0A;x=1 ; y\r\n0123456789\r\n0\r\n\r\n",
    expected: { body: "abc0123456789" },
  },
  {
    name: "chunks and a length",
    head: `${CHUNKED}\r\ncontent-length: 1`,
    body: "3\r\nabc\r\n0\r\n\r\n",
    expected: { body: "abc" },
  },
  {
    name: "chunks and a trailer",
    head: CHUNKED,
    body: "3\r\nabc\r\n0\r\nX-Sum: 7\r\nb:\r\n\r\nrest",
    expected: { body: "abc", trailers: { "X-Sum": "7", b: "" } },
  },
  {
    name: "chunks without their end",
    head: CHUNKED,
    body: "3\r\nabc\r\n",
    expected: { body: "abc", error: INCOMPLETE },
  },
  {
    name: "chunks with half a trailer",
    head: CHUNKED,
    body: "0\r\nx: 1\r\n",
    expected: { error: INCOMPLETE },
  },
  ...["zz", "", "-1", "1 1", "fffffffffffffff"].map((size): Vector => ({
    name: `the chunk size "${size}"`,
    head: CHUNKED,
    body: `${size}\r\nabc\r\n0\r\n\r\n`,
    expected: PROTOCOL_ERROR,
  })),
  {
    name: "a chunk that is longer than it says",
    head: CHUNKED,
    body: "2\r\nabc\r\n0\r\n\r\n",
    expected: PROTOCOL_ERROR,
  },
  {
    name: "a chunk line without end",
    head: CHUNKED,
    body: `1;${"x".repeat(5_000)}`,
    expected: PROTOCOL_ERROR,
  },
  {
    name: "a trailer without end",
    head: CHUNKED,
    body: `0\r\n${"x: 1\r\n".repeat(30_000)}`,
    expected: { error: { tag: "HTTP-response-trailer-section-size", val: 131_072 } },
  },
  {
    name: "another transfer coding",
    head: `${OK}\r\ntransfer-encoding: gzip, chunked`,
    body: "",
    expected: { error: { tag: "HTTP-response-transfer-coding", val: "gzip, chunked" } },
  },
  ...[
    "HTTP/2 200 OK",
    "HTTP/1.1 099 OK",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "http/1.1 200 OK",
    "garbage",
    "",
    `${OK}\r\nno colon`,
    `${OK}\r\n: no name`,
    `${OK}\r\nspace : x`,
    `${OK}\r\nx: folded\r\n line`,
    `${OK}\r\nx: nul\0`,
    `${OK}\r\nx: carriage\rreturn`,
    `${OK}\r\n${"n".repeat(2_000)}: x`,
  ].map((head): Vector => ({
    name: `the head ${JSON.stringify(head.slice(0, 40))}`,
    head,
    body: "",
    expected: PROTOCOL_ERROR,
  })),
];

for (const { name, head, body, method = "GET", expected } of VECTORS) {
  Deno.test(`a response with ${name} is read the same however it comes`, () => {
    const message = `${head}\r\n\r\n${body}`;
    // Cut anywhere, and byte by byte; a cut of a long message is as good as another.
    const cuts = message.length > 500 ? [1, 7, 300] : message.split("").map((_, index) => index);
    const whole = read([message], method);
    assert.deepEqual(whole, { body: "", trailers: {}, ...expected });
    for (const cut of cuts) {
      assert.deepEqual(read([message.slice(0, cut), message.slice(cut)], method), whole);
    }
    assert.deepEqual(read(message.split(""), method), whole);
  });
}

function read(parts: readonly string[], method: string): unknown {
  const collector = new HeadCollector(131_072, () => new Error("The head is too long"));
  let body = "";
  let decoder: ReturnType<typeof decoderFor> | undefined;
  try {
    for (const part of parts) {
      let bytes = Uint8Array.from(part, (character) => character.charCodeAt(0));
      if (decoder === undefined) {
        const collected = collector.take(bytes);
        if (collected === undefined) continue;
        decoder = decoderFor(parseResponseHead(collected.block), method);
        bytes = collected.rest.slice();
      }
      for (const piece of decoder.decode(bytes)) body += new TextDecoder().decode(piece);
    }
    decoder?.end();
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    // How much of a malformed body comes before the error depends on how it was cut.
    const isMalformed = error.code.tag !== "HTTP-response-incomplete";
    return { body: isMalformed ? "" : body, trailers: {}, error: error.code };
  }
  const trailers = (decoder?.trailers ?? []).map(([name, value]) => [
    name,
    new TextDecoder().decode(value),
  ]);
  return { body, trailers: Object.fromEntries(trailers) };
}
