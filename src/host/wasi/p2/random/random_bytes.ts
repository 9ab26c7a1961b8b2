import { guestTrap } from "../../../guest_trap.ts";

/** More than any guest needs at once, and little enough for the host to hold. */
const MOST_BYTES = 64n * 1024n * 1024n;

/** What the platform fills in one call. */
const QUOTA = 65_536;

/**
 * Makes random bytes.
 *
 * @param length How many bytes. The guest traps if it asks for more than 64 MiB.
 * @returns Bytes of cryptographic quality.
 */
export function randomBytes(length: bigint): Uint8Array {
  if (length > MOST_BYTES) {
    throw guestTrap(`Request for ${length} random bytes exceeds ${MOST_BYTES}`);
  }
  const bytes = new Uint8Array(Number(length));
  for (let start = 0; start < bytes.length; start += QUOTA) {
    crypto.getRandomValues(bytes.subarray(start, start + QUOTA));
  }
  return bytes;
}
