/** The record `wasi:filesystem/types.metadata-hash-value`: 128 bits. */
export interface MetadataHash {
  /** The lower 64 bits. */
  readonly lower: bigint;
  /** The upper 64 bits. */
  readonly upper: bigint;
}

/**
 * Hashes what tells one object from another, and one state of it from the next.
 *
 * @param info What the system says.
 * @returns The hash; the same for the same object as long as it is not changed.
 */
export function metadataHash(info: Deno.FileInfo): MetadataHash {
  const words = [
    info.dev,
    info.ino ?? 0,
    info.size,
    info.mtime?.getTime() ?? 0,
    info.ctime?.getTime() ?? 0,
  ].map((word) => BigInt.asUintN(64, BigInt(word)));
  return { lower: fold(words, 0n), upper: fold(words, 1n) };
}

function fold(words: readonly bigint[], seed: bigint): bigint {
  return words.reduce((hash, word) => mix(hash ^ word), mix(seed));
}

/** One step of SplitMix64 (Steele, Lea and Flood, 2014). */
function mix(value: bigint): bigint {
  let mixed = BigInt.asUintN(64, value + 0x9e3779b97f4a7c15n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return mixed ^ (mixed >> 31n);
}
