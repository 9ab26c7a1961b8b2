/** The record `wasi:clocks/wall-clock.datetime`: a moment since the Unix epoch. */
export interface Datetime {
  /** Whole seconds. */
  readonly seconds: bigint;
  /** The rest, in ns; below 1,000,000,000. */
  readonly nanoseconds: number;
}

/**
 * Converts a moment.
 *
 * @param milliseconds The moment, in whole ms since the Unix epoch; not before it.
 * @returns The moment as WASI writes it.
 */
export function toDatetime(milliseconds: number): Datetime {
  return {
    seconds: BigInt(Math.floor(milliseconds / 1000)),
    nanoseconds: (milliseconds % 1000) * 1_000_000,
  };
}
