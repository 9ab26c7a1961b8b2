// deno-lint-ignore-file no-console -- a program, whose output is its purpose
/**
 * Starts 100,000 cron entries of 1,000 expressions, with a ledger on disk, and prints what that
 * took, as JSON.
 *
 * @module
 */

import { systemClock } from "../src/clock.ts";
import { RunLedger } from "../src/services/ledger/run_ledger.ts";
import { cronSchema } from "../src/triggers/cron/cron_schema.ts";
import { cronTrigger } from "../src/triggers/cron/cron_trigger.ts";
import type { BoundTrigger } from "../src/triggers/trigger.ts";
import { settled } from "../tests/support/fake_clock.ts";

const ENTRIES = 100_000;
const EXPRESSIONS = 1_000;

const directory = await Deno.makeTempDir({ prefix: "gyre-bench-" });
const stopping = new AbortController();
const before = Deno.memoryUsage().rss;
const began = performance.now();
const ledger = RunLedger.open({ directory, application: "bench", now: Date.now() });
const triggers = Array.from({ length: ENTRIES }, (_, index): BoundTrigger => {
  const id = `cron-${index}`;
  const [minute, hour] = [index % 60, Math.floor(index % EXPRESSIONS / 60)];
  return {
    id,
    config: cronSchema.config.parse({
      schedule: `${minute} ${hour} * * *`,
      timezone: "Europe/Paris",
    }),
    queue: 100,
    runs: ledger.trigger(id, "c"),
    dispatch: ({ id: event }) =>
      Promise.resolve({ kind: "ok", component: "c", trigger: id, event, duration: 0 }),
    skip() {},
  };
});
const ending = cronTrigger.run({
  triggers,
  settings: { scheduler: "host" },
  clock: systemClock,
  signal: stopping.signal,
  once: false,
  batch: (work) => ledger.batch(work),
});
await settled();
const started = performance.now() - began;
const memory = (Deno.memoryUsage().rss - before) / 2 ** 20;
stopping.abort();
await ending;
ledger[Symbol.dispose]();
await Deno.remove(directory, { recursive: true });
console.log(JSON.stringify({ started, memory }));
