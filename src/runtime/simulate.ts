/**
 * Runs an application's schedules in virtual time: what would take days takes as long as its guests
 * compute, and ends the same every time.
 *
 * @module
 */

import type { Application, Component } from "../app/application.ts";
import { PrepareError } from "../errors.ts";
import { applicationKey } from "../services/ledger/application_key.ts";
import { RunLedger } from "../services/ledger/run_ledger.ts";
import type { RunLine, RunRecord } from "../services/ledger/run_record.ts";
import { VirtualTime } from "../virtual_time.ts";
import { selectTriggers, type TriggerSelection } from "./select_triggers.ts";
import { launch, type StartOptions } from "./start.ts";
import { triggerTypes } from "./trigger_types.ts";

/** How long (ms) what is under way at the end may go on, in virtual time. */
const LONGEST_END = 7 * 86_400_000;
const DEFAULT_SEED = "gyre";

/** Options of {@linkcode simulate}. */
export interface SimulateOptions extends
  TriggerSelection,
  Pick<
    StartOptions,
    | "cacheDir"
    | "environment"
    | "events"
    | "isolation"
    | "loader"
    | "signal"
    | "triggers"
    | "variables"
  > {
  /** When the application starts, in ms since the Unix epoch. */
  readonly from: number;
  /** When it takes no further tick, in ms since the Unix epoch. */
  readonly to: number;
  /** What guests' random numbers are made from. Default `gyre`. */
  readonly seed?: string;
}

/** One run of a simulation. */
export interface SimulatedRun extends RunRecord {
  /** What its guests wrote. */
  readonly lines: readonly RunLine[];
}

/**
 * Runs the components of triggers that have a schedule, from one moment to another, in virtual time.
 * They see a clock that shows that time, and random numbers that are the same every time. They can
 * connect to nothing, and what they write into writable directories is thrown away.
 *
 * @param application The application.
 * @param options From when to when, and which triggers.
 * @returns What the ledger has of it, the oldest first. The same every time, but for `cpu`.
 * @throws {StartError} `ERR_START`, with every problem that stands in the way.
 * @throws {PrepareError} `ERR_NO_SCHEDULE` if no trigger has a schedule.
 */
export async function simulate(
  application: Application,
  options: SimulateOptions,
): Promise<readonly SimulatedRun[]> {
  const { from, to, seed = DEFAULT_SEED, signal, components: _, ...others } = options;
  const time = new VirtualTime({ start: from, seed });
  using ledger = RunLedger.open({
    application: applicationKey(application),
    now: from,
    keep: { age: Infinity, count: Infinity, outputs: Infinity },
  });
  await using running = await launch(withoutEffects(application), {
    ...others,
    ...(signal !== undefined && { signal }),
    triggerIds: withSchedule(application, options),
    simulation: time,
    ledger,
  });
  try {
    await time.runUntil(to - 1, signal === undefined ? {} : { signal });
  } finally {
    // What is under way may end, unless the caller has no patience.
    const grace = signal?.aborted ? 0 : LONGEST_END;
    const stopped = running.stop({ grace });
    await Promise.race([time.runUntil(time.now() + grace), stopped]);
    await stopped;
  }
  return ledger.list({ limit: Infinity }).toReversed()
    .map((run) => ({ ...run, lines: ledger.lines(run.id) }));
}

/** The application without connections; its directories are copies in any simulation. */
function withoutEffects(application: Application): Application {
  const harmless = (component: Component): Component => ({
    ...component,
    allowedOutboundHosts: [],
    allowedInbound: [],
  });
  return { ...application, components: application.components.map(harmless) };
}

/** The ids of the triggers that have a schedule. */
function withSchedule(
  application: Application,
  { triggers, ...selection }: SimulateOptions,
): readonly string[] {
  const types = triggerTypes(triggers);
  const ids = selectTriggers(application, selection)
    .filter(({ type }) => types.find(({ schema }) => schema.type === type)?.schedule)
    .map(({ id }) => id);
  if (ids.length > 0) return ids;
  throw new PrepareError(
    "ERR_NO_SCHEDULE",
    `${application.origin} has no trigger with a schedule`,
    {
      hint: "A timer or a cron trigger has one; see docs/scheduling.md",
    },
  );
}
