/**
 * The coming ticks of an application, without running anything.
 *
 * @module
 */

import TinyQueue from "tinyqueue";
import type { Application } from "../app/application.ts";
import type { TriggerSchedule } from "../triggers/trigger.ts";
import { builtInTriggers } from "./built_in_triggers.ts";
import { selectTriggers, type TriggerSelection } from "./select_triggers.ts";

/** Options of {@linkcode upcoming}. */
export interface UpcomingOptions extends TriggerSelection {
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
  { from, to = Infinity, ...selection }: UpcomingOptions,
): Generator<UpcomingTick> {
  const queue = new TinyQueue<UpcomingTick & Pick<TriggerSchedule, "schedule">>(
    [],
    (a, b) => a.scheduled - b.scheduled,
  );
  for (const { id, type, component, config } of selectTriggers(application, selection)) {
    const trigger = builtInTriggers.find(({ schema }) => schema.type === type);
    const found = trigger?.schedule?.(config, application.triggerSettings[type], from);
    const scheduled = found?.schedule.next(from - 1);
    if (found === undefined || scheduled === undefined) continue;
    queue.push({ ...found, scheduled, trigger: id, component });
  }
  for (let next = queue.pop(); next !== undefined && next.scheduled < to; next = queue.pop()) {
    const { schedule, ...tick } = next;
    yield tick;
    const scheduled = schedule.next(tick.scheduled);
    if (scheduled !== undefined) queue.push({ ...next, scheduled });
  }
}
