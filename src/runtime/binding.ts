/**
 * What connects a trigger entry to the function that it calls.
 *
 * @module
 */

import type { TriggerConfig } from "../app/application.ts";
import type { ExecutionContext } from "../context/execution_context.ts";
import type { PreparedComponent } from "../context/prepared_component.ts";
import { GyreError, StartError } from "../errors.ts";
import type { EntryPoint, Trigger } from "../triggers/trigger.ts";
import { builtInTriggers } from "./built_in_triggers.ts";
import { assertEntryPoint } from "./entry_point_check.ts";

/** A trigger entry, the component that it calls, and how. */
export interface Binding {
  /** The entry. */
  readonly config: TriggerConfig;
  /** The trigger type. */
  readonly trigger: Trigger;
  /** The component. */
  readonly component: PreparedComponent;
  /** The function of it. */
  readonly entryPoint: EntryPoint;
}

/**
 * Prepares the components that trigger entries name, and finds the functions to call.
 *
 * @param configs The entries.
 * @param context What prepares the components.
 * @param signal Ends the work early.
 * @returns A binding for every entry, in the same order.
 * @throws {StartError} `ERR_START`, with every problem that stands in the way.
 */
export async function bind(
  configs: readonly TriggerConfig[],
  context: ExecutionContext,
  signal: AbortSignal | undefined,
): Promise<readonly Binding[]> {
  // Several triggers of one type on one component share one problem, which is to be said once.
  const groups = Map.groupBy(
    configs,
    (config) => JSON.stringify([config.type, config.component, argumentsOf(config)]),
  );
  const results = await Promise.allSettled(
    [...groups.values()].map(async (group): Promise<readonly Binding[]> => {
      const [first] = group;
      if (first === undefined) return [];
      const trigger = triggerOf(first);
      const component = await context.prepareComponent(first.component, argumentsOf(first));
      const entryPoint = assertEntryPoint(component, trigger);
      return group.map((config) => ({ config, trigger, component, entryPoint }));
    }),
  );
  signal?.throwIfAborted();
  const errors = new Set(
    results.flatMap((result) => result.status === "rejected" ? [result.reason] : []),
  );
  if (errors.size > 0) {
    throw new StartError(context.application.origin, [...errors]);
  }
  const bindings = results.flatMap((result) => result.status === "fulfilled" ? result.value : []);
  return bindings.toSorted((a, b) => configs.indexOf(a.config) - configs.indexOf(b.config));
}

/** The arguments of the guest. They belong to its isolate, so that each list has one of its own. */
function argumentsOf({ type, component, config }: TriggerConfig): readonly string[] {
  const trigger = builtInTriggers.find(({ schema }) => schema.type === type);
  return trigger?.arguments === undefined ? [] : [component, ...trigger.arguments(config)];
}

function triggerOf({ type }: TriggerConfig): Trigger {
  const trigger = builtInTriggers.find(({ schema }) => schema.type === type);
  if (trigger === undefined) {
    throw new GyreError(
      "ERR_UNKNOWN_TRIGGER_TYPE",
      `There is no trigger type "${type}"`,
    );
  }
  return trigger;
}
