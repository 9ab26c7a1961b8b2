/**
 * Kills processes that write a ledger, and looks whether what they were told to be kept is there.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { RunRecord } from "../../../src/services/ledger/run_record.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";
import { LedgerWriter } from "./ledger_writer.ts";
import { open, withDirectory } from "./open_ledger.ts";

/** How many lines a process says at most before it is killed. */
const MOST_LINES = 400;
/** How many processes follow each other on one ledger, so that looking at it does not take ever longer. */
const KILLS_PER_LEDGER = 20;

/** What was found. */
export interface KilledWriters {
  /** How many processes were killed. */
  readonly kills: number;
  /** How many runs they said to have finished, all of which were kept. */
  readonly finished: number;
  /** How many runs were found unfinished, and so were interrupted. */
  readonly interrupted: number;
}

/**
 * Kills processes at random moments, each while it writes.
 *
 * @param options How many, and what chance is made of.
 * @returns What was found.
 * @throws {AssertionError} If something that was said to be kept was lost or changed, or a tick is in
 * two records or in none.
 */
export async function killWriters(
  { kills, seed }: { readonly kills: number; readonly seed: number },
): Promise<KilledWriters> {
  const random = new SeededRandom(seed);
  let [finished, interrupted] = [0, 0];
  for (let done = 0; done < kills; done += KILLS_PER_LEDGER) {
    await withDirectory(async (directory) => {
      /** What was said of each tick, by trigger and time. */
      const said = new Map<string, string>();
      for (let kill = done; kill < Math.min(kills, done + KILLS_PER_LEDGER); kill++) {
        const writer = new LedgerWriter({ directory, seed: random.below(2 ** 32) });
        await writer.until(1 + random.below(MOST_LINES));
        await writer.kill();
        for (const line of writer.lines) keepLine(line, said);
        assertKept(directory, said);
      }
      const outcomes = [...said.values()];
      finished += outcomes.filter((outcome) => !["missed", "skipped"].includes(outcome)).length;
      interrupted += outcomes.filter((outcome) => outcome === "interrupted").length;
    });
  }
  return { kills, finished, interrupted };
}

function keepLine(line: string, said: Map<string, string>): void {
  const [what, trigger, ...words] = line.split(" ");
  if (what !== "finish" && what !== "pass") return;
  const outcome = words.pop() ?? "";
  const [first = 0, last = first] = words.map(Number);
  for (let tick = first; tick <= last; tick++) {
    const key = `${trigger} ${tick}`;
    assert.ok(!said.has(key), `${key} was ${said.get(key)}, and is ${outcome}`);
    said.set(key, outcome);
  }
}

function assertKept(directory: string, said: ReadonlyMap<string, string>): void {
  using ledger = open({ directory, readOnly: true });
  const runs = ledger.list({ limit: Infinity });
  const kept = new Map<string, string | undefined>();
  for (const [trigger, own] of Map.groupBy(runs, (run) => run.trigger)) {
    assertContiguous(trigger, own.toReversed());
    for (const { scheduled, scheduledLast, outcome } of own) {
      for (let tick = scheduled; tick <= scheduledLast; tick++) {
        kept.set(`${trigger} ${tick}`, outcome);
      }
    }
  }
  for (const [key, outcome] of said) assert.equal(kept.get(key), outcome, key);
}

/** Every tick is in one record: each begins where the one before it ended. */
function assertContiguous(trigger: string, runs: readonly RunRecord[]): void {
  let next = 1;
  for (const { scheduled, scheduledLast, count } of runs) {
    assert.equal(scheduled, next, `${trigger} has every tick once`);
    assert.equal(count, scheduledLast - scheduled + 1, `${trigger} counts its ticks`);
    next = scheduledLast + 1;
  }
}
