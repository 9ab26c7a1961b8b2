/**
 * Which triggers of an application run.
 *
 * @module
 */

import type { Application, TriggerConfig } from "../app/application.ts";
import { PrepareError } from "../errors.ts";

/**
 * Selects the triggers of some components.
 *
 * @param application The application.
 * @param components The ids of the components; all if absent.
 * @returns The triggers; at least one.
 * @throws {PrepareError} `ERR_UNKNOWN_COMPONENT`, or `ERR_NO_TRIGGERS`.
 */
export function selectTriggers(
  application: Application,
  components: readonly string[] | undefined,
): readonly TriggerConfig[] {
  const known = application.components.map(({ id }) => id);
  const unknown = components?.filter((id) => !known.includes(id)) ?? [];
  if (unknown.length > 0) {
    throw new PrepareError(
      "ERR_UNKNOWN_COMPONENT",
      `${application.origin} has no component ${unknown.join(", ")}`,
      { hint: `Its components are: ${known.join(", ")}` },
    );
  }
  const chosen = application.triggers.filter(({ component }) =>
    components === undefined || components.includes(component)
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
