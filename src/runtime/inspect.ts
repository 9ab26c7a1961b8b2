/**
 * Looks at an application without running it.
 *
 * @module
 */

import type { Application, Component, Limits } from "../app/application.ts";
import { formatSignature, type WorldItem } from "../compile/world.ts";
import { ExecutionContext, type ExecutionContextOptions } from "../context/execution_context.ts";
import type { PreparedComponent } from "../context/prepared_component.ts";
import { describePolicy, type PolicyDescription } from "../policy/describe_policy.ts";
import { permissionGaps } from "../policy/deno_permissions.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { triggerTypes } from "./trigger_types.ts";
import { assertEntryPoint } from "./entry_point_check.ts";

/** What is to be said of one component. */
export interface ComponentInspection {
  /** The component's id. */
  readonly id: string;
  /** Whether a trigger calls it. What is wrong with one that none calls does no harm. */
  readonly triggered: boolean;
  /** The triggers that call it. */
  readonly triggers: readonly TriggerInspection[];
  /** The interfaces and functions that it imports. */
  readonly imports: readonly string[];
  /** The interfaces and functions that it exports, functions with their signatures. */
  readonly exports: readonly string[];
  /** The Deno permissions of its worker, with every key listed; absent if it cannot be prepared. */
  readonly permissions?: Deno.PermissionOptionsObject;
  /** What its policy grants; absent likewise. */
  readonly policy?: PolicyDescription;
  /** How much it may use. */
  readonly limits: Limits;
  /** Where Deno's permissions are wider than the policy, which holds all the same. */
  readonly gaps: readonly string[];
  /** What stands in the way of running it. */
  readonly errors: readonly unknown[];
}

/** What is to be said of one trigger. */
export interface TriggerInspection {
  /** The trigger's id. */
  readonly id: string;
  /** Its type. */
  readonly type: string;
  /** When it fires, such as `every 10 s`. */
  readonly description: string;
  /** The function that it calls; absent if the component has none. */
  readonly entryPoint?: string;
}

/** Options of {@linkcode inspect}. */
export interface InspectOptions extends ExecutionContextOptions {
  /** Trigger types besides those that come with Gyre; see `defineTrigger`. */
  readonly triggers?: readonly Trigger[];
}

/**
 * Prepares every component of an application, runs none, and says what it found.
 *
 * @param application The application.
 * @param options Where components come from, and what templates are filled with.
 * @returns One inspection per component, in the manifest's order.
 * @throws {PrepareError} `ERR_VARIABLE_REQUIRED` or `ERR_UNKNOWN_VARIABLE`.
 */
export async function inspect(
  application: Application,
  { triggers, ...options }: InspectOptions = {},
): Promise<readonly ComponentInspection[]> {
  const types = triggerTypes(triggers);
  await using context = await ExecutionContext.create(application, options);
  return await Promise.all(
    application.components.map((component) => inspectComponent(component, { context, types })),
  );
}

async function inspectComponent(
  component: Component,
  { context, types }: {
    readonly context: ExecutionContext;
    readonly types: readonly Trigger[];
  },
): Promise<ComponentInspection> {
  const triggered = context.application.triggers.some((trigger) =>
    trigger.component === component.id
  );
  const errors: unknown[] = [];
  let prepared: PreparedComponent | undefined;
  try {
    prepared = await context.prepareComponent(component.id);
  } catch (error) {
    errors.push(error);
  }
  const inspect = { component, prepared, errors, types };
  return {
    id: component.id,
    triggered,
    triggers: inspectTriggers(context.application, inspect),
    imports: prepared?.world.imports.map(describe) ?? [],
    exports: prepared?.world.exports.map(describe) ?? [],
    ...(prepared !== undefined && {
      permissions: prepared.permissions,
      policy: describePolicy(prepared.policy),
    }),
    limits: component.limits,
    gaps: prepared === undefined ? [] : permissionGaps(prepared.policy),
    errors,
  };
}

function inspectTriggers(
  { triggers, triggerSettings }: Application,
  { component, prepared, errors, types }: {
    readonly component: Component;
    readonly prepared: PreparedComponent | undefined;
    readonly errors: unknown[];
    readonly types: readonly Trigger[];
  },
): readonly TriggerInspection[] {
  const configs = triggers.filter((trigger) => trigger.component === component.id);
  return configs.flatMap(({ id, type, config }) => {
    const trigger = types.find(({ schema }) => schema.type === type);
    if (trigger === undefined) return [];
    const description = trigger.describe(config, triggerSettings[type]);
    if (prepared === undefined) return [{ id, type, description }];
    try {
      const entryPoint = assertEntryPoint(prepared, trigger).export;
      return [{ id, type, description, entryPoint }];
    } catch (error) {
      errors.push(error);
      return [{ id, type, description }];
    }
  });
}

function describe(item: WorldItem): string {
  return item.kind === "interface" ? item.name : `${item.name}: ${formatSignature(item.signature)}`;
}
