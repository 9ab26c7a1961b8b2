/**
 * Suggestions for misspelt names.
 *
 * @module
 */

/** How many letters make the start of a longer name telling. */
const SHORTEST_START = 3;

/**
 * Finds the name that was probably meant.
 *
 * @param text The misspelt name.
 * @param candidates The names that exist.
 * @returns The nearest name, or the only one that the misspelt name starts; `undefined` if none is
 * near enough, or several are equally near.
 */
export function nearest(
  text: string,
  candidates: Iterable<string>,
): string | undefined {
  const names = [...candidates];
  const near = nearestByEdits(text, names);
  if (near !== undefined || text.length < SHORTEST_START) return near;
  const [longer, ...others] = names.filter((name) => name.startsWith(text));
  return others.length === 0 ? longer : undefined;
}

function nearestByEdits(
  text: string,
  candidates: readonly string[],
): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(text.length / 3)) + 1;
  let tied = false;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
      tied = false;
    } else if (distance === bestDistance) {
      tied = true;
    }
  }
  return tied ? undefined : best;
}

/** The number of letters to insert, delete, replace or swap with a neighbour. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 &&
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(beforePrevious, column - 2) + 1 : Infinity,
      ));
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
