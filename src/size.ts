/**
 * Sizes as text, such as `64MiB`.
 *
 * @module
 */

const SIZE_REGEXP = /^(\d+(?:\.\d+)?)\s*([kmg]i?b|b)?$/i;

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * Reads a size.
 *
 * @param text A number with a unit: `B`, `kB`, `MB`, `GB` (powers of 1,000), `KiB`, `MiB`, `GiB`
 * (powers of 1,024), in upper or lower case. Without a unit it counts bytes.
 * @returns The size in bytes, rounded down, or `undefined` if the text is no size.
 */
export function parseSize(text: string): number | undefined {
  const match = SIZE_REGEXP.exec(text.trim());
  if (match === null) return undefined;
  const [, amount, unit = "b"] = match;
  const bytes = Math.floor(Number(amount) * (UNITS[unit.toLowerCase()] ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Writes a size in the largest unit of 1,024 in which it is a whole number.
 *
 * @param bytes The size in bytes.
 * @returns The text, such as `64MiB`.
 */
export function formatSize(bytes: number): string {
  for (const unit of ["GiB", "MiB", "KiB"]) {
    const size = UNITS[unit.toLowerCase()] ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}
