/**
 * What connects a trigger entry to the function that it calls.
 *
 * @module
 */

import type { TriggerConfig } from "../app/application.ts";
import type { ExecutionContext } from "../context/execution_context.ts";
import type { PreparedComponent } from "../context/prepared_component.ts";
import { StartError } from "../errors.ts";
import type { EntryPoint, Trigger } from "../triggers/trigger.ts";
import { assertEntryPoint } from "./entry_point_check.ts";
import { findTriggerType } from "./trigger_types.ts";

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
 * @param options The trigger types, and what ends the work early.
 * @returns A binding for every entry, in the same order.
 * @throws {StartError} `ERR_START`, with every problem that stands in the way.
 */
export async function bind(
  configs: readonly TriggerConfig[],
  context: ExecutionContext,
  { types, signal }: BindOptions,
): Promise<readonly Binding[]> {
  const argumentsOf = (config: TriggerConfig) => argumentsFor(config, types);
  // Several triggers of one type on one component share one problem, which is to be said once.
  const groups = Map.groupBy(
    configs,
    (config) => JSON.stringify([config.type, config.component, argumentsOf(config)]),
  );
  const results = await Promise.allSettled(
    [...groups.values()].map(async (group): Promise<readonly Binding[]> => {
      const [first] = group;
      if (first === undefined) return [];
      const trigger = findTriggerType(types, first.type);
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

/** What {@linkcode bind} works with. */
export interface BindOptions {
  /** The trigger types. */
  readonly types: readonly Trigger[];
  /** Ends the work early. */
  readonly signal: AbortSignal | undefined;
}

/** The arguments of the guest. They belong to its isolate, so that each list has one of its own. */
function argumentsFor(
  { type, component, config }: TriggerConfig,
  types: readonly Trigger[],
): readonly string[] {
  const trigger = types.find(({ schema }) => schema.type === type);
  return trigger?.arguments === undefined ? [] : [component, ...trigger.arguments(config)];
}
