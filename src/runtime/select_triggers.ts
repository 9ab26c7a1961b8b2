/**
 * Which triggers of an application run.
 *
 * @module
 */

import type { Application, TriggerConfig } from "../app/application.ts";
import { PrepareError } from "../errors.ts";

/** Which triggers are wanted. */
export interface TriggerSelection {
  /** Those of the components with these ids; of all if absent. */
  readonly components?: readonly string[];
  /** Those with these ids; all if absent. */
  readonly triggerIds?: readonly string[];
}

/**
 * Selects triggers.
 *
 * @param application The application.
 * @param selection Which are wanted.
 * @returns The triggers; at least one.
 * @throws {PrepareError} `ERR_UNKNOWN_COMPONENT`, `ERR_UNKNOWN_TRIGGER` or `ERR_NO_TRIGGERS`.
 */
export function selectTriggers(
  application: Application,
  selection: TriggerSelection = {},
): readonly TriggerConfig[] {
  assertKnown(application, selection);
  const { components, triggerIds } = selection;
  const chosen = application.triggers.filter(({ id, component }) =>
    (components === undefined || components.includes(component)) &&
    (triggerIds === undefined || triggerIds.includes(id))
  );
  if (chosen.length > 0) return chosen;
  throw new PrepareError(
    "ERR_NO_TRIGGERS",
    `${application.origin} has no trigger to run`,
    {
      hint: 'Add one, such as [[trigger.timer]] with component = "..." and interval = "10s"',
    },
  );
}

/**
 * Makes sure that an application has what a selection names.
 *
 * @param application The application.
 * @param selection Ids of components and triggers.
 * @throws {PrepareError} `ERR_UNKNOWN_COMPONENT` or `ERR_UNKNOWN_TRIGGER`.
 */
export function assertKnown(
  { origin, components, triggers }: Application,
  selection: TriggerSelection,
): void {
  const checks = [
    ["component", "ERR_UNKNOWN_COMPONENT", selection.components, components],
    ["trigger", "ERR_UNKNOWN_TRIGGER", selection.triggerIds, triggers],
  ] as const;
  for (const [what, code, wanted = [], known] of checks) {
    const ids = known.map(({ id }) => id);
    const unknown = wanted.filter((id) => !ids.includes(id));
    if (unknown.length === 0) continue;
    throw new PrepareError(code, `${origin} has no ${what} ${unknown.join(", ")}`, {
      hint: `Its ${what}s are: ${ids.join(", ")}`,
    });
  }
}
