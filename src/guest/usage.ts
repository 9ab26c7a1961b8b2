/**
 * What a call used.
 *
 * @module
 */

/** What a call took of the machine. */
export interface CallUsage {
  /**
   * The fuel that the guest spent: a unit for every entry of a function that calls others, for every
   * pass of a loop, and for every 256 cheap instructions without one. The same work spends the same.
   */
  readonly fuel: number;
  /** The CPU time of the guest, in ms, estimated from the fuel. */
  readonly cpu: number;
  /** How many bytes the guest wrote to stdout and stderr. */
  readonly output: number;
}
