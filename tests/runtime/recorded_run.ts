import { type RunEventMap, RunEvents } from "../../src/runtime/events.ts";

/** An event of a run, with its name. */
export type RecordedEvent = {
  [Name in keyof RunEventMap]: { readonly name: Name; readonly event: RunEventMap[Name] };
}[keyof RunEventMap];

const NAMES: readonly (keyof RunEventMap)[] = [
  ...["preparing", "started", "outcome", "skipped"] as const,
  ...["output", "workerFailed", "stopping", "stopped"] as const,
];

/** The events of a run, in their order. */
export class RecordedRun {
  readonly events = new RunEvents();
  readonly recorded: RecordedEvent[] = [];

  constructor() {
    for (const name of NAMES) this.#record(name);
  }

  /** The names of the events, in their order. */
  get names(): readonly string[] {
    return this.recorded.map(({ name }) => name);
  }

  /** The events of one name, in their order. */
  of<Name extends keyof RunEventMap>(name: Name): readonly RunEventMap[Name][] {
    return this.recorded.filter((one) => one.name === name)
      .map(({ event }) => event as RunEventMap[Name]);
  }

  /** Waits for the next event of a name. */
  next<Name extends keyof RunEventMap>(name: Name): Promise<RunEventMap[Name]> {
    return new Promise((resolve) => {
      const end = this.events.on(name, (event) => {
        end();
        resolve(event);
      });
    });
  }

  #record<Name extends keyof RunEventMap>(name: Name): void {
    this.events.on(name, (event) => {
      this.recorded.push({ name, event } as RecordedEvent);
    });
  }
}
