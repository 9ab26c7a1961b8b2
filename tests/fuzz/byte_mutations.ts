/**
 * Mutations that know nothing of what the bytes mean.
 *
 * @module
 */

import type { SeededRandom } from "../guest/seeded_random.ts";
import { writeLeb128 } from "./leb128.ts";
import { concatenate } from "./section_tree.ts";

/** What a mutation works with. */
export interface ByteSources {
  /** Decides everything. */
  readonly random: SeededRandom;
  /** Bytes of another component. */
  readonly donor: Uint8Array;
}

/** Makes other bytes of bytes. */
export type ByteMutation = (bytes: Uint8Array, sources: ByteSources) => Uint8Array<ArrayBuffer>;

const LONGEST_PIECE = 64;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;
const INTERESTING = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff];
const INTERESTING_NUMBERS = [
  0,
  1,
  127,
  128,
  16_383,
  65_536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

/** Every mutation of bytes, by its name. */
export const byteMutations: Readonly<Record<string, ByteMutation>> = {
  truncate: (bytes, { random }) => bytes.slice(0, random.below(bytes.length + 1)),
  flipBits(bytes, { random }) {
    const copy = bytes.slice();
    for (let left = 1 + random.below(8); left > 0 && copy.length > 0; left--) {
      const at = random.below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    }
    return copy;
  },
  setBytes(bytes, { random }) {
    const copy = bytes.slice();
    for (let left = 1 + random.below(4); left > 0 && copy.length > 0; left--) {
      copy[random.below(copy.length)] = random.below(2) === 0
        ? random.pick(INTERESTING)
        : random.below(256);
    }
    return copy;
  },
  nudgeByte(bytes, { random }) {
    const copy = bytes.slice();
    const at = random.below(copy.length);
    const byte = copy[at];
    if (byte !== undefined) copy[at] = byte + random.pick([-2, -1, 1, 2]);
    return copy;
  },
  changeLetter(bytes, { random }) {
    const copy = bytes.slice();
    const letters = [...copy.entries()].filter(([, byte]) => byte >= LETTER_A && byte <= LETTER_Z);
    if (letters.length === 0) return copy;
    const [at] = random.pick(letters);
    copy[at] = LETTER_A + random.below(LETTER_Z - LETTER_A + 1);
    return copy;
  },
  insertBytes(bytes, { random }) {
    const inserted = Uint8Array.from(
      { length: 1 + random.below(LONGEST_PIECE) },
      () => random.below(256),
    );
    return replace(bytes, { at: random.below(bytes.length + 1), length: 0, inserted });
  },
  deleteBytes(bytes, { random }) {
    const length = 1 + random.below(LONGEST_PIECE);
    return replace(bytes, {
      at: random.below(bytes.length + 1),
      length,
      inserted: new Uint8Array(),
    });
  },
  repeatBytes(bytes, { random }) {
    const at = random.below(bytes.length + 1);
    const piece = bytes.subarray(at, at + 1 + random.below(LONGEST_PIECE));
    const inserted = concatenate(Array.from({ length: 1 + random.below(8) }, () => piece));
    return replace(bytes, { at, length: 0, inserted });
  },
  writeNumber(bytes, { random }) {
    const number = writeLeb128(random.pick(INTERESTING_NUMBERS), 1 + random.below(6));
    return replace(bytes, {
      at: random.below(bytes.length + 1),
      length: random.below(number.length + 1),
      inserted: Uint8Array.from(number),
    });
  },
  spliceBytes(bytes, { random, donor }) {
    const from = random.below(donor.length + 1);
    return replace(bytes, {
      at: random.below(bytes.length + 1),
      length: random.below(LONGEST_PIECE),
      inserted: donor.subarray(from, from + random.below(4 * LONGEST_PIECE)),
    });
  },
};

interface Replacement {
  readonly at: number;
  readonly length: number;
  readonly inserted: Uint8Array;
}

function replace(
  bytes: Uint8Array,
  { at, length, inserted }: Replacement,
): Uint8Array<ArrayBuffer> {
  return concatenate([bytes.subarray(0, at), inserted, bytes.subarray(at + length)]);
}
