import { guestTrap } from "../../../guest_trap.ts";
import type { RandomSource } from "../../../host_interface.ts";

/** More than any guest needs at once, and little enough for the host to hold. */
const MOST_BYTES = 64n * 1024n * 1024n;

/**
 * Makes random bytes.
 *
 * @param random Where they come from.
 * @param length How many bytes. The guest traps if it asks for more than 64 MiB.
 * @returns The bytes.
 */
export function randomBytes(random: RandomSource, length: bigint): Uint8Array {
  if (length > MOST_BYTES) {
    throw guestTrap(`Request for ${length} random bytes exceeds ${MOST_BYTES}`);
  }
  const bytes = new Uint8Array(Number(length));
  random.fill(bytes);
  return bytes;
}
