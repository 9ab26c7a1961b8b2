/**
 * Measurements as text.
 *
 * @module
 */

import type { Measurement } from "./measurement.ts";

/**
 * Writes measurements as a table with minimum, median, 99th percentile and maximum.
 *
 * @param measurements The measurements.
 * @returns Lines of equal columns.
 */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = [
    ["", "min", "p50", "p99", "max", "unit", "n"],
    ...measurements.map(({ name, unit, samples }) => {
      const sorted = samples.toSorted((a, b) => a - b);
      const at = (part: number) =>
        (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(2);
      return [name, at(0), at(0.5), at(0.99), at(1), unit, `${samples.length}`];
    }),
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    ).join("  ")
  ).join("\n");
}
