/**
 * The contract between event sources and the runtime.
 *
 * @module
 */

import type { TriggerSchema } from "../app/trigger_schema.ts";
import type { Clock } from "../clock.ts";
import type { World } from "../compile/world.ts";
import type { GuestFailure } from "../guest/failure.ts";
import type { GuestOutput } from "../guest/output.ts";
import type { TriggerRuns } from "../services/ledger/trigger_runs.ts";
import type { Outcome } from "./outcome.ts";
import type { Schedule } from "./schedule/schedule.ts";

/** An event source: one value per trigger type, without state. */
export interface Trigger {
  /** The type's name and the manifest keys that it takes. */
  readonly schema: TriggerSchema;
  /** The entry points that it can call, for the message that refuses a component without one. */
  readonly expected: readonly string[];
  /**
   * Finds the function that the trigger calls.
   *
   * @param world A component's world.
   * @returns The entry point, or `undefined` if the component has none.
   */
  findEntryPoint(world: World): EntryPoint | undefined;
  /**
   * Gives what follows the program's name in the guest's arguments; nothing if absent.
   *
   * @param config What the schema made of the entry.
   * @returns The arguments.
   */
  arguments?(config: unknown): readonly string[];
  /**
   * Says in a few words when a trigger fires, such as `every 10 s`.
   *
   * @param config What the schema made of the entry.
   * @param settings What the schema made of the application's settings.
   * @returns The words.
   */
  describe(config: unknown, settings: unknown): string;
  /**
   * Says when an entry's events come, if that can be said beforehand.
   *
   * @param config What the schema made of the entry.
   * @param settings What the schema made of the application's settings.
   * @param start When the application starts, in ms since the Unix epoch.
   * @returns The schedule, and the time zone that it is meant in.
   */
  schedule?(config: unknown, settings: unknown, start: number): TriggerSchedule;
  /**
   * Listens and dispatches events until the host's signal fires.
   *
   * @param host The entries of this type, and the way to dispatch.
   * @returns A promise that settles once nothing listens any more and no dispatch is under way.
   */
  run(host: TriggerHost): Promise<void>;
}

/** When the events of a trigger entry come. */
export interface TriggerSchedule {
  /** The moments. */
  readonly schedule: Schedule;
  /** The IANA time zone that they are meant in. */
  readonly timezone: string;
}

/** The function of a component that a trigger calls. */
export interface EntryPoint {
  /** The export's name in kebab-case; that of an interface's function as `interface#function`. */
  readonly export: string;
  /** How many of the trigger's arguments it takes. */
  readonly arity: number;
  /**
   * Makes the arguments of the function from those of an event; the first ones as they are if absent.
   *
   * @param args The arguments of an event.
   * @returns The arguments of the function.
   */
  convert?(args: readonly unknown[]): readonly unknown[];
  /**
   * Says what a failure of a call means; it means what it says if absent.
   *
   * @param failure How the call ended.
   * @returns The failure as the outcome is to show it; `undefined` if all is well.
   */
  interpret?(failure: GuestFailure): GuestFailure | undefined;
}

/** What the runtime gives to a trigger. */
export interface TriggerHost {
  /** The entries of the trigger's type. */
  readonly triggers: readonly BoundTrigger[];
  /** What the trigger's schema made of `[application.trigger.<type>]`. */
  readonly settings: unknown;
  /** Time, for schedules. */
  readonly clock: Clock;
  /** Fires when no further event is to be taken. */
  readonly signal: AbortSignal;
  /** Whether every trigger is to fire exactly once, now, and then end. */
  readonly once: boolean;
  /**
   * Does many writes to the ledger at once: all of them are kept, or none.
   *
   * @param work Writes, and does not wait.
   * @returns What the work returns.
   */
  batch<T>(work: () => T): T;
}

/** One `[[trigger.<type>]]` entry with its component. */
export interface BoundTrigger {
  /** The trigger's id. */
  readonly id: string;
  /** What the trigger's schema made of the entry. */
  readonly config: unknown;
  /** How many events may wait for the component; more are refused. */
  readonly queue: number;
  /** The part of the ledger that is about this trigger. Nothing comes into it by itself. */
  readonly runs: TriggerRuns;
  /**
   * Runs an event.
   *
   * @param event The event.
   * @returns How it ended. Never rejects.
   */
  dispatch(event: TriggerEvent): Promise<Outcome>;
  /**
   * Says that events were due and not run.
   *
   * @param skipped How many, and why.
   */
  skip(skipped: { readonly count: number; readonly reason: string }): void;
}

/** Something that happened, for a component to handle. */
export interface TriggerEvent {
  /** The event's identity within its trigger. */
  readonly id: string;
  /** The arguments; an entry point that takes fewer gets the first ones. */
  readonly args: readonly unknown[];
  /** Environment variables for this event, over those of the component. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it may take, in ms; as the component's limits say if absent. */
  readonly timeout?: number;
  /** Ends this event. */
  readonly signal?: AbortSignal;
  /** Takes what the guest writes in this event; whoever takes its output gets it besides. */
  readonly onOutput?: (output: GuestOutput) => void;
}
