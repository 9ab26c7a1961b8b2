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
  readonly triggers?: readonly string[];
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
  { components, triggers }: TriggerSelection = {},
): readonly TriggerConfig[] {
  assertKnown(components, {
    ids: application.components.map(({ id }) => id),
    code: "ERR_UNKNOWN_COMPONENT",
    what: "component",
    application,
  });
  assertKnown(triggers, {
    ids: application.triggers.map(({ id }) => id),
    code: "ERR_UNKNOWN_TRIGGER",
    what: "trigger",
    application,
  });
  const chosen = application.triggers.filter(({ id, component }) =>
    (components === undefined || components.includes(component)) &&
    (triggers === undefined || triggers.includes(id))
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

function assertKnown(
  wanted: readonly string[] | undefined,
  known: {
    readonly ids: readonly string[];
    readonly code: string;
    readonly what: string;
    readonly application: Application;
  },
): void {
  const { ids, code, what, application } = known;
  const unknown = wanted?.filter((id) => !ids.includes(id)) ?? [];
  if (unknown.length === 0) return;
  throw new PrepareError(code, `${application.origin} has no ${what} ${unknown.join(", ")}`, {
    hint: `Its ${what}s are: ${ids.join(", ")}`,
  });
}
