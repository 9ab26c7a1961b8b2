/**
 * Makes a random number.
 *
 * @returns 64 bits of cryptographic quality.
 */
export function randomU64(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return new DataView(bytes.buffer).getBigUint64(0);
}
