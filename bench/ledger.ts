/**
 * What the ledger costs a tick.
 *
 * @module
 */

import { RunLedger } from "../src/services/ledger/run_ledger.ts";
import type { Measurement } from "./measurement.ts";

const TICKS = 5_000;
/** How many ticks are due at one moment where there are many. */
const AT_ONCE = 64;
const LISTED_RUNS = 20_000;
const LISTS = 20;
const START = Date.UTC(2026, 0, 1);

/**
 * Measures what it takes to note that a tick is scheduled and started, and how it ended, and to list
 * runs.
 *
 * @returns One measurement for each place of the ledger, and way to use it.
 */
export async function measureLedger(): Promise<readonly Measurement[]> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-bench-" });
  try {
    return [
      { name: "ledger on disk, a tick", unit: "µs", samples: measure(directory, 1) },
      {
        name: "the same, 64 ticks at once",
        unit: "µs",
        samples: measure(`${directory}/2`, AT_ONCE),
      },
      { name: "ledger in memory, a tick", unit: "µs", samples: measure(undefined, 1) },
      {
        name: "ledger of 20,000 runs, list the latest 100",
        unit: "ms",
        samples: measureList(`${directory}/3`),
      },
    ];
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function measure(directory: string | undefined, atOnce: number): readonly number[] {
  using ledger = RunLedger.open({
    application: "bench",
    now: START,
    ...(directory !== undefined && { directory }),
  });
  const triggers = Array.from({ length: atOnce }, (_, index) => ledger.trigger(`t${index}`, "c"));
  for (const runs of triggers) runs.resume("every ms", START);
  return Array.from({ length: Math.floor(TICKS / atOnce) }, (_, tick) => {
    const now = START + tick + 1;
    const began = performance.now();
    const ids = ledger.batch(() =>
      triggers.map((runs) => {
        const id = runs.schedule(now) ?? 0;
        runs.start(id, now);
        return id;
      })
    );
    triggers.forEach((runs, index) => {
      runs.finish(ids[index] ?? 0, { outcome: "ok", duration: 1, fuel: 1, cpu: 1 }, now);
    });
    return (performance.now() - began) * 1_000 / atOnce;
  });
}

function measureList(directory: string): readonly number[] {
  using ledger = RunLedger.open({ application: "bench", now: START, directory });
  const runs = ledger.trigger("t", "c");
  runs.resume("every ms", START);
  ledger.batch(() => {
    for (let tick = 1; tick <= LISTED_RUNS; tick++) {
      runs.finish(runs.schedule(START + tick) ?? 0, { outcome: "ok", duration: 1 }, START + tick);
    }
  });
  return Array.from({ length: LISTS }, () => {
    const began = performance.now();
    ledger.list();
    return performance.now() - began;
  });
}
