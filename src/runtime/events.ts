/**
 * What happens while an application runs, as typed events.
 *
 * @module
 */

import type {
  ComponentDenial,
  ComponentOutput,
  PreparingProgress,
  WorkerFailure,
} from "../context/execution_context.ts";
import { logger } from "../log.ts";
import type { Outcome } from "../triggers/outcome.ts";

/** The events of a running application, by name. */
export interface RunEventMap {
  /** A component is being loaded and compiled, or is ready now. */
  readonly preparing: PreparingProgress;
  /** Every component is ready and every trigger listens. */
  readonly started: Started;
  /** An event ended. */
  readonly outcome: Outcome;
  /** Events were due and not run. */
  readonly skipped: Skipped;
  /** A guest wrote a line. */
  readonly output: ComponentOutput;
  /** A component was refused something; said once for each target. */
  readonly denied: ComponentDenial;
  /** A component's worker died or did not start. */
  readonly workerFailed: WorkerFailure;
  /** No further event is taken. */
  readonly stopping: Stopping;
  /** Nothing runs any more. */
  readonly stopped: Stopped;
}

/** Said once, when an application is up. */
export interface Started {
  /** The application's name. */
  readonly application: string;
  /** What listens. */
  readonly triggers: readonly StartedTrigger[];
}

/** One trigger of a running application. */
export interface StartedTrigger {
  /** The trigger's id. */
  readonly id: string;
  /** Its type. */
  readonly type: string;
  /** The component that it calls. */
  readonly component: string;
  /** When it fires, such as `every 10 s`. */
  readonly description: string;
}

/** Events that were due and not run. */
export interface Skipped {
  /** The trigger's id. */
  readonly trigger: string;
  /** The component that was not called. */
  readonly component: string;
  /** How many. */
  readonly count: number;
  /** Why. */
  readonly reason: string;
}

/** The start of a stop. */
export interface Stopping {
  /** How many events are under way. */
  readonly running: number;
  /** How long (ms) they may take to end. */
  readonly grace: number;
}

/** The end of a run. */
export interface Stopped {
  /** How many events ended well. */
  readonly ok: number;
  /** How many ended in any other way. */
  readonly failed: number;
  /** How many were due and not run. */
  readonly skipped: number;
  /** Whether events had to be cancelled for the stop. */
  readonly forced: boolean;
}

/** Takes the events of one name. */
export type Listener<Name extends keyof RunEventMap> = (
  event: RunEventMap[Name],
) => void;

type Listeners = { [Name in keyof RunEventMap]?: Set<Listener<Name>> };

/** The events of one running application. */
export class RunEvents {
  readonly #listeners: Listeners = {};

  /**
   * Listens to the events of one name.
   *
   * @param name The name.
   * @param listener Called with each event. What it throws is logged and does no harm.
   * @returns A function that ends the listening.
   */
  on<Name extends keyof RunEventMap>(
    name: Name,
    listener: Listener<Name>,
  ): () => void {
    const listeners: Set<Listener<Name>> = this.#listeners[name] ?? new Set();
    (this.#listeners as Record<Name, Set<Listener<Name>>>)[name] = listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Tells every listener.
   *
   * @param name The event's name.
   * @param event The event.
   */
  emit<Name extends keyof RunEventMap>(
    name: Name,
    event: RunEventMap[Name],
  ): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        const returned: unknown = listener(event);
        if (returned instanceof Promise) returned.catch((error) => report(name, error));
      } catch (error) {
        report(name, error);
      }
    }
  }
}

function report(name: string, error: unknown): void {
  logger("runtime").error("A listener of {name} failed: {error}", { name, error });
}
