/**
 * Ids for the triggers and inline components whose author gave none.
 *
 * @module
 */

import { idProblem } from "../app/ids.ts";

/** A trigger as far as its id depends on it. */
export interface Unnamed {
  /** The trigger's type. */
  readonly type: string;
  /** The id that the author gave; empty or absent if none. */
  readonly id?: string | undefined;
  /** The id of the trigger's component; absent if that is inline. */
  readonly component?: string | undefined;
}

/**
 * Gives every trigger an id, keeping those that the authors gave.
 *
 * @param triggers The triggers, in the manifest's order.
 * @returns One id for each trigger, in the same order.
 */
export function triggerIds(triggers: readonly Unnamed[]): string[] {
  const taken = new Set(triggers.flatMap(({ id }) => id ? [id] : []));
  return triggers.map(({ type, id, component }) => {
    if (id) return id;
    const friendly = component && `${component}-${type}-trigger`;
    const made = friendly && !taken.has(friendly) ? friendly : firstFree(`${type}-trigger`, taken);
    taken.add(made);
    return made;
  });
}

/**
 * Makes the id of an inline component.
 *
 * @param triggerId The id of the trigger that holds it.
 * @param taken The ids of the other components; the new id is added.
 * @returns The id.
 */
export function inlineComponentId(
  triggerId: string,
  taken: Set<string>,
): string {
  const friendly = `${triggerId}-component`;
  const isGood = idProblem(friendly, "kebab") === undefined &&
    !taken.has(friendly);
  const id = isGood ? friendly : firstFree("inline-component", taken);
  taken.add(id);
  return id;
}

function firstFree(prefix: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${prefix}${number}`)) number++;
  return `${prefix}${number}`;
}
