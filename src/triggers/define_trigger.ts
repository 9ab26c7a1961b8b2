/**
 * How a trigger type is made outside of Gyre.
 *
 * @module
 */

import type { ConfigSchema, OutputOf } from "../app/trigger_schema.ts";
import type { World } from "../compile/world.ts";
import type { BoundTrigger, EntryPoint, Trigger, TriggerHost, TriggerSchedule } from "./trigger.ts";

/** A trigger entry, with its keys as the schema made them. */
export interface DefinedTrigger<Config> extends BoundTrigger {
  /** What the schema made of the entry's own keys. */
  readonly config: Config;
}

/** What a trigger type is given to run with. */
export interface DefinedTriggerHost<Config> extends Omit<TriggerHost, "triggers"> {
  /** The entries of the type. */
  readonly triggers: readonly DefinedTrigger<Config>[];
}

/** A function of a component that is called by its name, whatever its signature. */
export interface NamedEntryPoint {
  /** The export's name in kebab-case; that of an interface's function as `interface#function`. */
  readonly export: string;
  /** How many of an event's arguments it takes. Default 1. */
  readonly arity?: number;
}

/** What makes a trigger type. */
export interface TriggerDefinition<Schema extends ConfigSchema> {
  /** The type's name, as in `[[trigger.<type>]]`. */
  readonly type: string;
  /** The keys of one entry, without `id` and `component`; a schema of zod or the like. */
  readonly config: Schema;
  /** The keys of `[application.trigger.<type>]`; no key is allowed if absent. */
  readonly settings?: ConfigSchema;
  /** The function that is called, or what finds it in a component's world. */
  readonly entryPoint: NamedEntryPoint | ((world: World) => EntryPoint | undefined);
  /**
   * Says in a few words when an entry fires. Default: the type's name.
   *
   * @param config What the schema made of the entry.
   * @returns The words.
   */
  describe?(config: OutputOf<Schema>): string;
  /**
   * Says when an entry's events come, if that can be said beforehand.
   *
   * @param config What the schema made of the entry.
   * @param start When the application starts, in ms since the Unix epoch.
   * @returns The schedule, and the time zone that it is meant in.
   */
  schedule?(config: OutputOf<Schema>, start: number): TriggerSchedule;
  /**
   * Listens and dispatches events until the host's signal fires; with `once`, every entry fires once.
   *
   * @param host The entries of this type, and what there is to run them with.
   * @returns A promise that settles once nothing listens any more and no dispatch is under way.
   */
  run(host: DefinedTriggerHost<OutputOf<Schema>>): Promise<void>;
}

/**
 * Makes a trigger type. It gets what the built-in ones have: its table is validated with places,
 * events have deadlines, limits, outcomes and logs, `--test` and `check` know it, and a stop waits for
 * what runs.
 *
 * @param definition What makes it.
 * @returns The trigger type, for `start()` and `loadApplication()`, or as the default export of a
 * module that a manifest names under `[application.triggers]`.
 *
 * The page docs/custom-triggers.md has an example.
 */
export function defineTrigger<Schema extends ConfigSchema>(
  definition: TriggerDefinition<Schema>,
): Trigger {
  type Config = OutputOf<Schema>;
  const { type, config, settings, entryPoint } = definition;
  return {
    schema: { type, config, ...(settings !== undefined && { settings }) },
    expected: typeof entryPoint === "function" ? [`what ${type} calls`] : [entryPoint.export],
    findEntryPoint: typeof entryPoint === "function"
      ? entryPoint
      : (world) => findByName(world, entryPoint),
    describe: (config) => definition.describe?.(config as Config) ?? type,
    ...(definition.schedule !== undefined && {
      schedule: (config: unknown, _settings: unknown, start: number) =>
        scheduleOf(definition, config as Config, start),
    }),
    // The schema made every config, and nothing else comes here.
    run: (host) => definition.run(host as DefinedTriggerHost<Config>),
  };
}

function scheduleOf<Schema extends ConfigSchema>(
  { type, schedule }: TriggerDefinition<Schema>,
  config: OutputOf<Schema>,
  start: number,
): TriggerSchedule {
  if (schedule === undefined) throw new TypeError(`The trigger type "${type}" has no schedule`);
  return schedule(config, start);
}

function findByName(
  { exports }: World,
  { export: name, arity = 1 }: NamedEntryPoint,
): EntryPoint | undefined {
  const [owner = "", member] = name.split("#");
  const isThere = exports.some((item) =>
    item.kind === "function"
      ? member === undefined && item.name === name
      : member !== undefined && (item.name === owner || item.name.startsWith(`${owner}@`)) &&
        item.functions?.includes(member)
  );
  return isThere ? { export: name, arity } : undefined;
}
