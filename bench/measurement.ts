/**
 * What a benchmark yields.
 *
 * @module
 */

/** Samples of one quantity. */
export interface Measurement {
  /** What was measured. */
  readonly name: string;
  /** The unit of the samples. */
  readonly unit: "ms" | "µs" | "MiB" | "ratio";
  /** The samples, in the order in which they were taken. */
  readonly samples: readonly number[];
}
