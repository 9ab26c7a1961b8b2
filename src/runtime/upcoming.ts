/**
 * The coming ticks of an application, without running anything.
 *
 * @module
 */

import TinyQueue from "tinyqueue";
import type { Application, TriggerConfig } from "../app/application.ts";
import type { Schedule } from "../triggers/schedule/schedule.ts";
import type { Trigger, TriggerSchedule } from "../triggers/trigger.ts";
import { selectTriggers, type TriggerSelection } from "./select_triggers.ts";
import { triggerTypes } from "./trigger_types.ts";

/** Options of {@linkcode upcoming}. */
export interface UpcomingOptions extends TriggerSelection {
  /** Trigger types besides those that come with Gyre; see `defineTrigger`. */
  readonly triggers?: readonly Trigger[];
  /** When the application is taken to start, in ms since the Unix epoch. */
  readonly from: number;
  /** Where the list ends at the latest, in ms since the Unix epoch; that moment is left out. */
  readonly to?: number;
}

/** A coming tick. */
export interface UpcomingTick {
  /** Its nominal time, in ms since the Unix epoch. */
  readonly scheduled: number;
  /** The id of its trigger. */
  readonly trigger: string;
  /** The component that is called. */
  readonly component: string;
  /** The IANA time zone of the schedule. */
  readonly timezone: string;
}

/**
 * Lists the coming ticks of all triggers that have a schedule, in the order of their times. The list
 * may be endless; take as much of it as you need.
 *
 * @param application The application.
 * @param options From when to when, and of which triggers.
 * @returns The ticks. What puts them off (`jitter`) or leaves them out (`max_runs`) is not looked at.
 */
export function* upcoming(
  application: Application,
  { from, to = Infinity, triggers, ...selection }: UpcomingOptions,
): Generator<UpcomingTick> {
  const types = triggerTypes(triggers);
  const queue = new TinyQueue<Upcoming>(
    [],
    (a, b) => a.tick.scheduled - b.tick.scheduled || a.order - b.order,
  );
  for (const [order, config] of selectTriggers(application, selection).entries()) {
    const found = scheduleOf(config, { application, types, start: from });
    const scheduled = found?.schedule.next(from - 1);
    if (found === undefined || scheduled === undefined) continue;
    const { schedule, timezone } = found;
    const { id: trigger, component } = config;
    queue.push({ order, schedule, tick: { scheduled, trigger, component, timezone } });
  }
  for (let next = queue.pop(); next !== undefined && next.tick.scheduled < to; next = queue.pop()) {
    const { schedule, tick } = next;
    yield tick;
    const scheduled = schedule.next(tick.scheduled);
    if (scheduled !== undefined) queue.push({ ...next, tick: { ...tick, scheduled } });
  }
}

/**
 * Lists the triggers whose events nobody can foretell.
 *
 * @param application The application.
 * @param selection Which triggers are looked at.
 * @returns Those without a schedule.
 */
export function withoutSchedule(
  application: Application,
  { triggers, ...selection }: Omit<UpcomingOptions, "from" | "to"> = {},
): readonly TriggerConfig[] {
  const types = triggerTypes(triggers);
  return selectTriggers(application, selection)
    .filter((config) => scheduleOf(config, { application, types, start: 0 }) === undefined);
}

/** The next tick of one trigger. */
interface Upcoming {
  readonly tick: UpcomingTick;
  readonly schedule: Schedule;
  /** The trigger's place in the application: what is due at one moment comes in that order. */
  readonly order: number;
}

function scheduleOf(
  { type, config }: TriggerConfig,
  { application, types, start }: {
    readonly application: Application;
    readonly types: readonly Trigger[];
    readonly start: number;
  },
): TriggerSchedule | undefined {
  const trigger = types.find(({ schema }) => schema.type === type);
  return trigger?.schedule?.(config, application.triggerSettings[type], start);
}
