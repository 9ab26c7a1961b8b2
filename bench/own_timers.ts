// deno-lint-ignore-file no-console -- a program, whose output is its purpose
/**
 * Runs Gyre's timers for a while, and prints how late each tick came, as JSON, like
 * `peers/peer.ts`. The guest is a real one, in its locked thread, unless there are many timers: then
 * the schedules alone are measured, with a ledger on disk.
 *
 * Usage: own_timers.ts TIMERS SECONDS BURN PERIOD, with times in ms but for SECONDS.
 *
 * @module
 */

import { start } from "../mod.ts";
import type { TriggerConfig } from "../src/app/application.ts";
import { systemClock } from "../src/clock.ts";
import { RunEvents } from "../src/runtime/events.ts";
import { RunLedger } from "../src/services/ledger/run_ledger.ts";
import { timerTrigger } from "../src/triggers/timer/timer_trigger.ts";
import type { BoundTrigger } from "../src/triggers/trigger.ts";
import { applicationOf } from "../tests/context/application_of.ts";
import { timerConfig } from "../tests/support/timer_config.ts";

const [timers = 1, seconds = 60, burn = 0, period = 1_000] = Deno.args.map(Number);
const directory = await Deno.makeTempDir({ prefix: "gyre-bench-" });
const lateness: number[] = [];
const stopping = new AbortController();
const note = (event: string) => lateness.push(Date.now() - Date.parse(event));

interface Ending {
  readonly finished: Promise<unknown>;
}

const began = performance.now();
const before = Deno.memoryUsage().rss;
const ending: Ending = timers === 1 ? await withGuest() : { finished: schedulesAlone() };
const started = performance.now() - began;
const memory = (Deno.memoryUsage().rss - before) / 2 ** 20;
await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + period / 2));
stopping.abort();
await ending.finished;
await Deno.remove(directory, { recursive: true });
const expected = timers * seconds * 1_000 / period;
console.log(JSON.stringify({ lateness, expected, started, memory }));
Deno.exit(0);

/** One timer; its guest looks at the clock until `burn` ms have passed. */
async function withGuest(): Promise<Ending> {
  const events = new RunEvents();
  // When a tick was begun is what its end says, less what it took.
  events.on("outcome", ({ event, duration }) => {
    lateness.push(Date.now() - duration - Date.parse(event));
  });
  const guest = burn === 0 ? "wat-echo" : "qjs-simulated";
  const trigger: TriggerConfig = {
    id: "timer",
    type: "timer",
    component: guest,
    // A slow moment of the guest or the host puts off a tick of a fast timer, and leaves none out.
    config: timerConfig({
      interval: `${period}ms`,
      input: `spin ${burn}`,
      overlap: "queue",
      missed: "all",
    }),
  };
  const application = await applicationOf({
    components: [guest],
    timers: [],
    application: { triggers: [trigger] },
  });
  return await start(application, { events, stateDir: directory, signal: stopping.signal });
}

/** Many timers, whose ticks end at once. */
async function schedulesAlone(): Promise<void> {
  using ledger = RunLedger.open({ directory, application: "bench", now: Date.now() });
  const triggers = Array.from({ length: timers }, (_, index): BoundTrigger => {
    const id = `timer-${index}`;
    return {
      id,
      config: timerConfig({ interval: `${period}ms` }),
      queue: 100,
      runs: ledger.trigger(id, "c"),
      dispatch: ({ id: event }) => {
        note(event);
        return Promise.resolve({ kind: "ok", component: "c", trigger: id, event, duration: 0 });
      },
      skip() {},
    };
  });
  await timerTrigger.run({
    triggers,
    settings: { speedup: 1 },
    clock: systemClock,
    signal: stopping.signal,
    once: false,
    batch: (work) => ledger.batch(work),
  });
}
