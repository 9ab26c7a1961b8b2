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
/** Units to write in, their lengths in ms, and from how many on the next one is taken. */
const UNITS = [["ms", 1, 1_000], ["s", 1_000, 60]] as const;
const DURATION_REGEXP = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Reads a duration such as `250ms`, `10s`, `5m`, `1h` or `1d`.
 *
 * @param text A number, which may have a fraction, and one unit.
 * @returns The duration in ms, or `undefined` if the text is no duration, or one beyond all bounds.
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_REGEXP.exec(text.trim());
  if (match === null) return undefined;
  const unit = match[2] as keyof typeof MILLISECONDS_PER_UNIT;
  const milliseconds = Number(match[1]) * MILLISECONDS_PER_UNIT[unit];
  // Rounded to whole ns, because 1.001 s is not exactly 1,001 ms in binary.
  const rounded = Math.round(milliseconds * 1e6) / 1e6;
  return Number.isFinite(rounded) ? rounded : undefined;
}

/**
 * Writes a duration the way people read it: `850 µs`, `12.4 ms`, `3.2 s`, `5 min`.
 *
 * @param milliseconds The duration in ms.
 * @returns The text, with a unit.
 */
export function formatDuration(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1_000);
  if (microseconds < 1_000) return `${microseconds} µs`;
  for (const [unit, length, next] of UNITS) {
    const amount = Math.round(milliseconds / length * 10) / 10;
    if (amount < next) return `${amount} ${unit}`;
  }
  return `${Math.round(milliseconds / 60_000 * 10) / 10} min`;
}
