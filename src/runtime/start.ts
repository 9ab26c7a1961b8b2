/**
 * The composition root: puts an application, its execution context and its triggers together.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ExecutionContext, type ExecutionContextOptions } from "../context/execution_context.ts";
import { bind, type Binding } from "./binding.ts";
import { RunEvents } from "./events.ts";
import { logEvents } from "./log_events.ts";
import { OutputFiles } from "./output_files.ts";
import { unlessAborted } from "../isolation/unless_aborted.ts";
import { RunningApplication } from "./running_application.ts";
import { selectTriggers } from "./select_triggers.ts";

/** How many components get their threads at the start; those of the others start with an event. */
const WARM_COMPONENTS = 8;

/** Options of {@linkcode start}. */
export interface StartOptions extends
  Omit<
    ExecutionContextOptions,
    "onOutput" | "onDenied" | "onPreparing" | "onWorkerFailure"
  > {
  /** Run only the triggers of these components. Default: all. */
  readonly components?: readonly string[];
  /** Fire every trigger exactly once, now, and then end. Default: false. */
  readonly once?: boolean;
  /** Directory for what guests write, one file per component and stream; kept nowhere if absent. */
  readonly logDir?: string;
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
  const { components, once = false, logDir, signal } = options;
  const clock: Clock = options.clock ?? systemClock;
  const events = options.events ?? new RunEvents();
  const configs = selectTriggers(application, components);
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
    const bindings = await bind(configs, context, signal);
    await warmUp(bindings, signal);
    return new RunningApplication({
      application,
      bindings,
      context,
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
