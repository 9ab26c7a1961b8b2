/** Between two columns. */
const GAP = "  ";

/**
 * Writes rows as a table: columns as wide as they need to be, and the last one cut where the
 * terminal ends.
 *
 * @param rows The rows; each has the same number of cells.
 * @param width How many characters fit on a line.
 * @returns The lines, each with its line break.
 */
export function formatTable(rows: readonly (readonly string[])[], width: number): string {
  const [first = []] = rows;
  const widths = first.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP).trimEnd();
    // deno-lint-ignore no-control-regex -- a message must not move the cursor
    const printed = line.replace(/[\x00-\x1f\x7f-\x9f]/g, " ");
    return (printed.length > width ? `${printed.slice(0, width - 1)}…` : printed) + "\n";
  }).join("");
}
