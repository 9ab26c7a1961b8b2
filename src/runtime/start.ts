/**
 * The composition root: puts an application, its execution context and its triggers together.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ExecutionContext, type ExecutionContextOptions } from "../context/execution_context.ts";
import { applicationKey } from "../services/ledger/application_key.ts";
import { RunLedger } from "../services/ledger/run_ledger.ts";
import { bind, type Binding } from "./binding.ts";
import { RunEvents } from "./events.ts";
import { logEvents } from "./log_events.ts";
import { OutputFiles } from "./output_files.ts";
import { unlessAborted } from "../isolation/unless_aborted.ts";
import { RunningApplication } from "./running_application.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { triggerTypes } from "./trigger_types.ts";
import { selectTriggers, type TriggerSelection } from "./select_triggers.ts";

/** How many components get their threads at the start; those of the others start with an event. */
const WARM_COMPONENTS = 8;

/** Options of {@linkcode start}. */
export interface StartOptions extends
  TriggerSelection,
  Omit<
    ExecutionContextOptions,
    "onOutput" | "onDenied" | "onPreparing" | "onWorkerFailure"
  > {
  /** Trigger types besides those that come with Gyre; see `defineTrigger`. */
  readonly triggers?: readonly Trigger[];
  /** Fire every trigger exactly once, now, and then end. Default: false. */
  readonly once?: boolean;
  /** Directory for what guests write, one file per component and stream; kept nowhere if absent. */
  readonly logDir?: string;
  /**
   * Directory for the ledger of runs, by which a later start knows what was run and what was missed.
   * Kept in memory, and forgotten in the end, if absent.
   */
  readonly stateDir?: string;
  /** Who hears of what happens. Default: a new one, which only the log listens to. */
  readonly events?: RunEvents;
  /** How long (ms) running events may take to end when the signal stops it. Default 5,000. */
  readonly grace?: number;
  /** Ends the start early, and stops the application later. */
  readonly signal?: AbortSignal;
}

/**
 * Starts an application: prepares every component that a trigger calls, then starts the triggers.
 *
 * @param application The application.
 * @param options Which components, where they run, and who hears of it.
 * @returns The running application. Stop it, or dispose it.
 * @throws {StartError} `ERR_START`, with every problem that stands in the way.
 */
export async function start(
  application: Application,
  options: StartOptions = {},
): Promise<RunningApplication> {
  const { once = false, stateDir } = options;
  using resources = new DisposableStack();
  const ledger = resources.use(RunLedger.open({
    application: applicationKey(application),
    now: clockOf(options).now(),
    lock: !once,
    ...(stateDir !== undefined && { directory: stateDir }),
  }));
  const running = await launch(application, { ...options, ledger });
  const kept = resources.move();
  running.finished.finally(() => kept.dispose()).catch(() => {}); // whoever awaits it gets the error
  return running;
}

/** Options of {@linkcode launch}. */
export interface LaunchOptions extends Omit<StartOptions, "stateDir"> {
  /** Keeps what is run. It is the caller's to dispose, once the application has finished. */
  readonly ledger: RunLedger;
}

/**
 * Starts an application with a ledger that the caller has.
 *
 * @param application The application.
 * @param options The ledger, which components, where they run, and who hears of it.
 * @returns The running application. Stop it, or dispose it.
 * @throws {StartError} `ERR_START`, with every problem that stands in the way.
 */
export async function launch(
  application: Application,
  options: LaunchOptions,
): Promise<RunningApplication> {
  const { once = false, logDir, ledger, signal } = options;
  const clock = clockOf(options);
  const events = options.events ?? new RunEvents();
  const configs = selectTriggers(application, options);
  using resources = new DisposableStack();
  if (logDir !== undefined) {
    const files = resources.use(new OutputFiles(logDir));
    resources.defer(events.on("output", (output) => files.write(output)));
  }
  resources.defer(logEvents(events, application));
  const context = await ExecutionContext.create(application, {
    ...options,
    onOutput: (output) => events.emit("output", output),
    onDenied: (denial) => events.emit("denied", denial),
    onPreparing: (progress) => events.emit("preparing", progress),
    onWorkerFailure: (failure) => events.emit("workerFailed", failure),
  });
  try {
    const types = triggerTypes(options.triggers);
    const bindings = await bind(configs, context, { types, signal });
    await warmUp(bindings, signal);
    return new RunningApplication({
      application,
      bindings,
      context,
      ledger,
      events,
      clock,
      once,
      resources: resources.move(),
      ...(signal === undefined ? {} : { signal }),
      ...(options.grace === undefined ? {} : { grace: options.grace }),
    });
  } catch (error) {
    await context[Symbol.asyncDispose]();
    throw error;
  }
}

function clockOf({ clock, simulation }: LaunchOptions | StartOptions): Clock {
  return clock ?? simulation ?? systemClock;
}

/**
 * Starts threads ahead of the first events, which would wait for them else: each takes half a
 * second, in which Deno does next to nothing.
 */
async function warmUp(
  bindings: readonly Binding[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const components = new Set(bindings.map(({ component }) => component));
  const starting = [...components].slice(0, WARM_COMPONENTS).map((component) => component.warmUp());
  // What does not start is reported by the context, and tried again by the component's first event.
  await unlessAborted(Promise.allSettled(starting), signal);
}
