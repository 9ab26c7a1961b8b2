import type { BodyDecoder } from "./body_decoder.ts";
import { ChunkedDecoder } from "./chunked_decoder.ts";
import type { Field } from "./fields.ts";
import { HttpFailure } from "./http_failure.ts";
import type { ResponseHead } from "./response_head.ts";

const DIGITS = /^\d{1,15}$/;

/**
 * Finds how a response's body is framed, as RFC 9112, section 6.3 says.
 *
 * @param head The response's head.
 * @param method The request's method.
 * @returns The decoder.
 * @throws {HttpFailure} If the header contradicts itself, or names a coding other than `chunked`.
 */
export function decoderFor(head: ResponseHead, method: string): BodyDecoder {
  const { status } = head;
  if (method === "HEAD" || status === 204 || status === 304) return new SizedDecoder(0);
  const codings = valuesOf(head, "transfer-encoding");
  if (codings.length > 0) {
    const coding = codings.join(", ");
    if (coding.toLowerCase() === "chunked") return new ChunkedDecoder();
    throw new HttpFailure({ tag: "HTTP-response-transfer-coding", val: coding });
  }
  const lengths = new Set(valuesOf(head, "content-length"));
  const [length] = lengths;
  if (length === undefined) return new UnsizedDecoder();
  if (lengths.size > 1 || !DIGITS.test(length)) {
    throw new HttpFailure({ tag: "HTTP-protocol-error" });
  }
  return new SizedDecoder(Number(length));
}

function valuesOf(head: ResponseHead, wanted: string): string[] {
  return head.fields.filter(([name]) => name.toLowerCase() === wanted)
    .flatMap(([, value]) => new TextDecoder().decode(value).split(","))
    .map((value) => value.trim());
}

/** A body whose length was announced. */
class SizedDecoder implements BodyDecoder {
  readonly trailers: readonly Field[] = [];
  #missing: number;

  constructor(length: number) {
    this.#missing = length;
  }

  get done(): boolean {
    return this.#missing === 0;
  }

  decode(chunk: Uint8Array): readonly Uint8Array[] {
    const body = chunk.subarray(0, this.#missing);
    this.#missing -= body.length;
    return [body];
  }

  end(): void {
    if (!this.done) throw new HttpFailure({ tag: "HTTP-response-incomplete" });
  }
}

/** A body that ends with the connection. */
class UnsizedDecoder implements BodyDecoder {
  readonly trailers: readonly Field[] = [];
  done = false;

  decode(chunk: Uint8Array): readonly Uint8Array[] {
    return [chunk];
  }

  end(): void {
    this.done = true;
  }
}
