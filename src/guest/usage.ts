/**
 * What a call used.
 *
 * @module
 */

/**
 * What a call took of the machine. Where calls of one instance overlap, each counts what the others
 * took as well.
 */
export interface CallUsage {
  /**
   * The fuel that the guest spent: a unit for every entry of a function that calls others, for every
   * pass of a loop, and for every 256 cheap instructions without one. The same work spends the same.
   * 0 where the code could not be rewritten so that it counts.
   */
  readonly fuel: number;
  /**
   * The CPU time of the guest, in ms, estimated from the fuel: no platform meters a thread. What a
   * unit takes is measured while guests run; what the host does for them does not count.
   */
  readonly cpu: number;
  /** How many bytes the guest wrote to stdout and stderr. */
  readonly output: number;
}
