import type { Application, Component, TriggerConfig } from "../../src/app/application.ts";
import { componentOf } from "../support/component.ts";
import { timerConfig } from "../support/timer_config.ts";
import { guest, type GuestName } from "../support/guests.ts";

/** What an application for a test is made of. */
export interface TestApplication {
  /** The guests that are its components, under their own names, or under others with more to say. */
  readonly components: readonly (GuestName | Partial<Component> & { readonly guest: GuestName })[];
  /** Its timers: the component that each calls, and its interval in ms. Default: 1 s for each. */
  readonly timers?: readonly (readonly [component: string, interval: number])[];
  /** What else it says. */
  readonly application?: Partial<Application>;
}

/** Makes an application of test guests, as a manifest would. */
export async function applicationOf(test: TestApplication): Promise<Application> {
  const components = await Promise.all(test.components.map(async (given): Promise<Component> => {
    const { guest: name, ...more } = typeof given === "string" ? { guest: given } : given;
    return componentOf(name, { source: { kind: "path", path: await guest(name) }, ...more });
  }));
  const timers = test.timers ?? components.map(({ id }) => [id, 1_000] as const);
  return {
    name: "test-app",
    version: "",
    description: "",
    authors: [],
    origin: "app.toml",
    baseDir: Deno.cwd(),
    variables: {},
    components,
    triggers: timers.map(([component, interval], index): TriggerConfig => ({
      id: `timer-${index}`,
      type: "timer",
      component,
      config: timerConfig({ interval: `${interval}ms` }),
    })),
    triggerSettings: { timer: { speedup: 1 } },
    ...test.application,
  };
}
