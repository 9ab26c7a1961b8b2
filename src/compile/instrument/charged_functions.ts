/**
 * Which functions must take fuel at their entry: as few as possible, and yet so many that nothing
 * can go on for ever, or do much work, without coming past one of them or through a loop.
 *
 * A cycle of calls that leads through a table, a reference or the host contains a function that
 * calls in such a way; all these are charged. A cycle of direct calls contains an edge that leads
 * back in a depth-first search; the functions that these lead to are charged. What remains has no
 * cycles, so its work can be added up; where that is more than a little, it is charged too.
 *
 * @module
 */

import type { Weight } from "./weigh.ts";

/** The work, in instructions, that one call may do without being charged. */
const SMALL = 40;

/**
 * Selects the functions that are charged at their entry.
 *
 * @param weights What the functions that a module defines do, in their order.
 * @param importedFunctions How many functions are imported; theirs are the lowest indexes.
 * @returns Whether each is charged, in the same order.
 */
export function chargedFunctions(
  weights: readonly Weight[],
  importedFunctions: number,
): readonly boolean[] {
  const isCharged = weights.map(({ loops, leads }) => loops.length > 0 || leads);
  const state = new Uint8Array(weights.length);
  const work = new Float64Array(weights.length);
  for (let root = 0; root < weights.length; root++) {
    if (state[root] !== NEW) continue;
    const path = [{ index: root, next: 0 }];
    state[root] = OPEN;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const weight = weights[top.index];
      const callee = weight?.callees[top.next++];
      if (weight === undefined || callee === undefined) {
        close(top.index, weight);
        path.pop();
        continue;
      }
      const index = callee - importedFunctions;
      if (state[index] === OPEN) isCharged[index] = true;
      else if (state[index] === NEW) {
        state[index] = OPEN;
        path.push({ index, next: 0 });
      }
    }
  }
  return isCharged;

  /** All that it calls is known by now, but for what leads back, which is charged. */
  function close(index: number, weight: Weight | undefined): void {
    state[index] = DONE;
    let sum = weight?.entry ?? 0;
    for (const callee of weight?.callees ?? []) {
      const called = callee - importedFunctions;
      if (isCharged[called] !== true) sum += work[called] ?? 0;
    }
    work[index] = sum;
    if (sum > SMALL) isCharged[index] = true;
  }
}

const NEW = 0;
const OPEN = 1;
const DONE = 2;
