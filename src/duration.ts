/**
 * Durations as people write them in a manifest or on a command line.
 *
 * @module
 */

const MILLISECONDS_PER_UNIT = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
} as const;
const DURATION_REGEXP = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Reads a duration such as `250ms`, `10s`, `5m`, `1h` or `1d`.
 *
 * @param text A number, which may have a fraction, and one unit.
 * @returns The duration in ms, or `undefined` if the text is no duration.
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_REGEXP.exec(text.trim());
  if (match === null) return undefined;
  const unit = match[2] as keyof typeof MILLISECONDS_PER_UNIT;
  return Number(match[1]) * MILLISECONDS_PER_UNIT[unit];
}

/**
 * Writes a duration the way people read it: `850 µs`, `12.4 ms`, `3.2 s`, `5 min`.
 *
 * @param milliseconds The duration in ms.
 * @returns The text, with a unit.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${Math.round(milliseconds * 1_000)} µs`;
  if (milliseconds < 1_000) return `${round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${round(milliseconds / 1_000)} s`;
  return `${round(milliseconds / 60_000)} min`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
