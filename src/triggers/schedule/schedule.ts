/**
 * When the ticks of a trigger are, as pure arithmetic: a schedule knows neither what time it is nor
 * what ran.
 *
 * @module
 */

/** An endless or bounded sequence of moments. */
export interface Schedule {
  /**
   * Names the sequence: two schedules with one key have the same ticks. A ledger keeps it, so that a
   * changed schedule is not asked for ticks of the time before the change.
   */
  readonly key: string;
  /**
   * Finds the first tick after a moment.
   *
   * @param after The moment, in ms since the Unix epoch.
   * @returns The tick's nominal time, in ms since the Unix epoch, always later than `after`;
   * `undefined` if there is none any more.
   */
  next(after: number): number | undefined;
}
