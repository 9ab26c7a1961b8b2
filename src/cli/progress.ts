/**
 * A line for a component that takes long to get ready, so that a first start does not look stuck.
 *
 * @module
 */

import type { RunEvents } from "../runtime/events.ts";
import type { Terminal } from "./terminal.ts";

/** How long (ms) a component may take before it is spoken of. */
const PATIENCE = 1_000;

/**
 * Shows which components are still being prepared, each once, on stderr.
 *
 * @param events The run's events.
 * @param terminal Where to print.
 * @returns Disposes the timers.
 */
export function showProgress(events: RunEvents, terminal: Terminal): Disposable {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const stopListening = events.on("preparing", ({ component, ready }) => {
    clearTimeout(timers.get(component));
    if (ready) return;
    const show = () => terminal.err(`Preparing ${component} (the first time takes longest) ...\n`);
    timers.set(component, setTimeout(show, PATIENCE));
  });
  return {
    [Symbol.dispose]() {
      stopListening();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
