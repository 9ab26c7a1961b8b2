import type { RandomSource } from "../../../host_interface.ts";

/**
 * Makes a random number.
 *
 * @param random Where it comes from.
 * @returns 64 bits.
 */
export function randomU64(random: RandomSource): bigint {
  const bytes = new Uint8Array(8);
  random.fill(bytes);
  return new DataView(bytes.buffer).getBigUint64(0);
}
