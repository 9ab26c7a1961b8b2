import type { Clock } from "../../../../clock.ts";

/**
 * Reads a clock as WASI counts monotonic time.
 *
 * @param clock The clock to read.
 * @returns The time, in ns since an arbitrary moment.
 */
export function monotonicTime(clock: Clock): bigint {
  return BigInt(Math.round(clock.monotonic() * 1e6));
}
