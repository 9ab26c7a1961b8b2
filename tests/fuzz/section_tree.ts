/**
 * A Wasm binary as a tree of sections, so that a mutation deep inside it can keep the lengths around
 * it right and is not refused at the first byte.
 *
 * @module
 */

import { readLeb128, writeLeb128 } from "./leb128.ts";

/** A component or a core module. */
export interface Binary {
  /** The magic number, the version and the layer. */
  readonly header: Uint8Array;
  /** Its sections, in order. */
  readonly sections: readonly Section[];
}

/** One section. */
export interface Section {
  /** What kind of section it is; the same number means other things in the two layers. */
  readonly id: number;
  /** Bytes, or what is nested in it. */
  readonly content: Uint8Array | Binary;
  /** A length to write instead of the true one. */
  readonly claimedLength?: number;
}

const HEADER_LENGTH = 8;
const COMPONENT_LAYER = 1;
/** The sections of a component that hold a core module or another component. */
const NESTING_SECTIONS: ReadonlySet<number> = new Set([1, 4]);

/**
 * Takes a binary apart.
 *
 * @param bytes The binary.
 * @returns The tree; `undefined` if the bytes are none.
 */
export function parseSections(bytes: Uint8Array): Binary | undefined {
  if (bytes.length < HEADER_LENGTH || bytes[0] !== 0 || bytes[1] !== 0x61) return undefined;
  const isComponent = bytes[6] === COMPONENT_LAYER;
  const sections: Section[] = [];
  let offset = HEADER_LENGTH;
  while (offset < bytes.length) {
    const id = bytes[offset];
    const length = readLeb128(bytes, offset + 1);
    if (id === undefined || length === undefined) return undefined;
    const end = length.end + length.value;
    if (end > bytes.length) return undefined;
    const payload = bytes.subarray(length.end, end);
    const nested = isComponent && NESTING_SECTIONS.has(id) ? parseSections(payload) : undefined;
    sections.push({ id, content: nested ?? payload });
    offset = end;
  }
  return { header: bytes.subarray(0, HEADER_LENGTH), sections };
}

/**
 * Puts a binary together.
 *
 * @param binary The tree.
 * @returns The bytes.
 */
export function encodeSections(binary: Binary): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [binary.header];
  for (const { id, content, claimedLength } of binary.sections) {
    const bytes = content instanceof Uint8Array ? content : encodeSections(content);
    parts.push(new Uint8Array([id, ...writeLeb128(claimedLength ?? bytes.length)]), bytes);
  }
  return concatenate(parts);
}

/**
 * Joins pieces of bytes.
 *
 * @param parts The pieces.
 * @returns All of them, copied.
 */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
