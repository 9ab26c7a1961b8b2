import type { RandomSource } from "../host/host_interface.ts";

/**
 * Random bytes that are the same for the same seed, for simulations. Not secure: sfc32, by Chris
 * Doty-Humphrey in PractRand (https://pracrand.sourceforge.net/RNG_engines.txt), its state made of
 * the seed with FNV-1a.
 */
export class SeededRandom implements RandomSource {
  readonly #state: Uint32Array;

  /**
   * Makes a source.
   *
   * @param seed Any text.
   */
  constructor(seed: string) {
    const bytes = new TextEncoder().encode(seed);
    this.#state = Uint32Array.of(...[1, 2, 3].map((part) => hash(bytes, part)), 1);
    for (let round = 0; round < 12; round++) this.#next();
  }

  /** Fills bytes with what comes next. */
  fill(bytes: Uint8Array<ArrayBuffer>): void {
    for (let index = 0; index < bytes.length; index++) bytes[index] = this.#next() & 0xff;
  }

  #next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const result = (a + b + counter) >>> 0;
    this.#state[0] = b ^ (b >>> 9);
    this.#state[1] = c + (c << 3);
    this.#state[2] = ((c << 21) | (c >>> 11)) + result;
    this.#state[3] = counter + 1;
    return result;
  }
}

function hash(bytes: Uint8Array, part: number): number {
  let value = Math.imul(0x811c9dc5 ^ part, 0x01000193);
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
