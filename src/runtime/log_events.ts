/**
 * Writes what happens to the log. Each record's properties are the event's own; beside them, `type`
 * names the event, and `text` is what only people need.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import { GyreError } from "../errors.ts";
import { logger } from "../log.ts";
import { formatDuration } from "../duration.ts";
import type { Outcome } from "../triggers/outcome.ts";
import type { RunEvents } from "./events.ts";

/** How many frames of a guest's stack a report shows; a recursion has many that are alike. */
const SHOWN_FRAMES = 12;

/**
 * Logs every event of a run in the categories `gyre.app` and `gyre.output`.
 *
 * @param events The run's events.
 * @param application What runs.
 * @returns A function that ends the logging.
 */
export function logEvents(events: RunEvents, application: Application): () => void {
  const app = logger("app");
  const output = logger("output");
  const listening = [
    events.on("preparing", (event) => {
      if (!event.ready) {
        app.debug("Preparing {component}", { type: "preparing", ...event });
      }
    }),
    events.on("started", (event) => {
      const list = event.triggers.map(({ component, type, description }) =>
        `\n  ${component}: ${type}, ${description}`
      );
      app.info("Started {application}{text}", { type: "started", ...event, text: list.join("") });
    }),
    events.on("outcome", (event) => {
      const text = event.kind === "ok" ? String(event.value ?? "ok") : report(event);
      const level = event.kind === "ok" ? "info" : "error";
      app[level]("{component}: {text}", { type: "outcome", ...event, text });
    }),
    events.on("skipped", (event) => {
      app.warn("{component}: skipped {count} of trigger {trigger}: {reason}", {
        type: "skipped",
        ...event,
      });
    }),
    events.on(
      "output",
      (event) => output.info("{line}", { type: "output", ...event }),
    ),
    events.on("denied", ({ component, target, reason, grant }) => {
      app.warn("{component}: not allowed to {target}{text}", {
        type: "denied",
        component,
        target,
        ...(reason !== undefined && { reason }),
        grant,
        text: (reason === undefined ? "" : `: ${reason}`) +
          `\n  = help: To allow it, write under [component.${component}] in ` +
          `${application.origin}: ${grant}`,
      });
    }),
    events.on("workerFailed", ({ component, error, pause }) => {
      app.error(
        "{component}: {message}; its next event starts it anew, after {text} at the earliest",
        {
          type: "worker-failed",
          component,
          ...(error instanceof GyreError && { code: error.code }),
          message: error.message,
          pause,
          text: formatDuration(pause),
        },
      );
    }),
    events.on("stopping", (event) => {
      if (event.running === 0) return;
      const text = formatDuration(event.grace);
      app.info("Stopping: {running} running, {text} to end", { type: "stopping", ...event, text });
    }),
    events.on("stopped", (event) => {
      app.info("Stopped: {ok} ok, {failed} failed, {skipped} skipped", {
        type: "stopped",
        ...event,
      });
    }),
  ];
  return () => listening.forEach((stop) => stop());
}

function report({ kind, trigger, event, duration, error }: Outcome): string {
  const head = `${kind} in trigger ${trigger}, event ${event}, after ${formatDuration(duration)}`;
  const stack = error?.stack ?? [];
  const frames = stack.slice(0, SHOWN_FRAMES).map((frame) => `\n    at ${frame}`);
  if (stack.length > SHOWN_FRAMES) frames.push(`\n    and ${stack.length - SHOWN_FRAMES} more`);
  return `${head}: ${error?.message}${frames.join("")}`;
}
