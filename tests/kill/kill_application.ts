/**
 * The application whose host is killed: every overlap and missed policy, guests that are quick, slow
 * or fail, and hundreds of ticks a second.
 *
 * @module
 */

import type { Application, TriggerConfig } from "../../src/app/application.ts";
import { timerSchema } from "../../src/triggers/timer/timer_schema.ts";
import { applicationOf } from "../context/application_of.ts";

/** The keys of its triggers. All follow the wall clock, so that a downtime has ticks. */
export const KILL_TRIGGERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "skip": { component: "wat-echo", interval: "10ms", missed: "skip" },
  "once": { component: "wat-echo", interval: "20ms", missed: "once" },
  "all": { component: "wat-echo", interval: "50ms", missed: "all" },
  "window": { component: "wat-echo", interval: "10ms", missed: "all", catch_up_window: "300ms" },
  "slow-skip": { component: "wat-sleep", interval: "100ms", missed: "once" },
  "slow-queue": { component: "wat-sleep", interval: "200ms", overlap: "queue", missed: "all" },
  "slow-replace": { component: "wat-sleep", interval: "250ms", overlap: "replace" },
  "slow-allow": { component: "wat-sleep", interval: "100ms", overlap: "allow" },
  "fails": {
    component: "wat-trap",
    interval: "300ms",
    retry: { attempts: 3, initial: "50ms" },
    missed: "once",
  },
};

/** Makes the application, and says where its compiled components may be kept. */
export async function killApplication(): Promise<{ application: Application; cache: string }> {
  const application = await applicationOf({
    components: ["wat-echo", "wat-sleep", "wat-trap"],
    timers: [],
    application: {
      origin: "killed.toml",
      triggers: Object.entries(KILL_TRIGGERS).map((
        [id, { component, ...keys }],
      ): TriggerConfig => ({
        id,
        type: "timer",
        component: String(component),
        config: timerSchema.config.parse({ start: "aligned", ...keys }),
      })),
    },
  });
  return { application, cache: Deno.env.get("GYRE_KILL_CACHE") ?? "" };
}
