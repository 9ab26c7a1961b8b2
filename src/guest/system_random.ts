import type { RandomSource } from "../host/host_interface.ts";

/** What the platform fills in one call, in bytes. */
const QUOTA = 65_536;

/** The platform's random bytes, of cryptographic quality. */
export const systemRandom: RandomSource = {
  fill(bytes) {
    for (let start = 0; start < bytes.length; start += QUOTA) {
      crypto.getRandomValues(bytes.subarray(start, start + QUOTA));
    }
  },
};
