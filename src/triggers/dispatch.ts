/**
 * From an event to its outcome: the one way in which triggers reach components.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { PreparedComponent } from "../context/prepared_component.ts";
import type { CallResult } from "../guest/runner.ts";
import type { Outcome } from "./outcome.ts";
import type { EntryPoint, TriggerEvent } from "./trigger.ts";

/** What an event is dispatched to. */
export interface DispatchTarget {
  /** The id of the trigger. */
  readonly trigger: string;
  /** The component that handles it. */
  readonly component: PreparedComponent;
  /** The function that is called. */
  readonly entryPoint: EntryPoint;
  /** What the duration is measured with. */
  readonly clock: Clock;
  /** Fires when events under way are to be cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Runs an event on a fresh instance of its component.
 *
 * @param event The event.
 * @param target What handles it.
 * @returns How it ended. Never rejects.
 */
export async function dispatch(
  event: TriggerEvent,
  target: DispatchTarget,
): Promise<Outcome> {
  const { component, entryPoint, clock, signal } = target;
  const start = clock.monotonic();
  const result = await component.call({
    export: entryPoint.export,
    args: argsOf(event, entryPoint),
    signal: event.signal === undefined ? signal : AbortSignal.any([signal, event.signal]),
    ...(event.environment !== undefined && { environment: event.environment }),
    ...(event.timeout !== undefined && { timeout: event.timeout }),
    ...(event.onOutput !== undefined && { onOutput: event.onOutput }),
  });
  return {
    component: component.component.id,
    trigger: target.trigger,
    event: event.id,
    duration: clock.monotonic() - start,
    ...(result.usage !== undefined && { usage: result.usage }),
    ...outcomeOf(result, entryPoint),
  };
}

function argsOf({ args }: TriggerEvent, entryPoint: EntryPoint): readonly unknown[] {
  return entryPoint.convert?.(args) ?? args.slice(0, entryPoint.arity);
}

function outcomeOf(
  result: CallResult,
  entryPoint: EntryPoint,
): Pick<Outcome, "kind" | "value" | "error"> {
  if (result.ok) {
    return {
      kind: "ok",
      ...(result.value === undefined ? {} : { value: result.value }),
    };
  }
  const failure = entryPoint.interpret === undefined
    ? result.failure
    : entryPoint.interpret(result.failure);
  if (failure === undefined) return { kind: "ok" };
  const { kind, ...error } = failure;
  return { kind, error };
}
