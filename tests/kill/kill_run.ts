/**
 * Kills a host again and again, and looks whether its ledger keeps what it promises.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { RunLedger } from "../../src/services/ledger/run_ledger.ts";
import type { RunRecord } from "../../src/services/ledger/run_record.ts";
import { SeededRandom } from "../guest/seeded_random.ts";
import { KILL_TRIGGERS } from "./kill_application.ts";

/** The shortest and the longest life (ms) of a host, once it runs. */
const LIFE = { min: 20, max: 900 };
/** Between two hosts (ms). */
const LONGEST_PAUSE = 300;
/** How long (ms) a host may take until it runs. */
const START_TIMEOUT = 30_000;

/** What was found. */
export interface KillReport {
  /** How many hosts were killed. */
  readonly kills: number;
  /** How many ticks the ledger has, by how they ended. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How many ticks were started by more than one host. */
  readonly rerun: number;
  /** How many calls of guests ended, by the evidence. */
  readonly calls: number;
}

/**
 * Kills hosts.
 *
 * @param options How many, and what chance is made of.
 * @returns What was found.
 * @throws {AssertionError} If a promise was broken.
 */
export async function killHosts(
  { kills, seed, onKill }: {
    readonly kills: number;
    readonly seed: number;
    readonly onKill?: (kill: number) => void;
  },
): Promise<KillReport> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-kill-" });
  const evidence = join(directory, "evidence.txt");
  const cache = join(directory, "cache");
  const random = new SeededRandom(seed);
  /** What was recorded as finished when a host died: trigger and nominal time. */
  const done = new Map<string, string>();
  let seen = 0;
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await runAndKill(directory, { evidence, cache, random });
      const lines = readEvidence(evidence);
      for (const line of lines.slice(seen)) {
        const key = keyOfLine(line);
        assert.ok(!done.has(key), `${key} ran again after it was recorded as ${done.get(key)}`);
      }
      seen = lines.length;
      for (const run of readLedger(directory)) {
        const key = keyOf(run);
        const before = done.get(key);
        if (before !== undefined) assert.equal(run.outcome, before, `${key} was changed`);
        if (run.state === "finished") done.set(key, String(run.outcome));
      }
      onKill?.(kill);
    }
    const runs = readLedger(directory);
    for (const trigger of Object.keys(KILL_TRIGGERS)) assertAccounted(trigger, runs);
    assertEvidence(runs, readEvidence(evidence));
    return {
      kills,
      outcomes: countOutcomes(runs),
      rerun: runs.filter(({ trigger, attempts }) => trigger !== "fails" && attempts > 1).length,
      calls: seen,
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function runAndKill(
  directory: string,
  { evidence, cache, random }: {
    readonly evidence: string;
    readonly cache: string;
    readonly random: SeededRandom;
  },
): Promise<void> {
  const main = fileURLToPath(new URL("./host_main.ts", import.meta.url));
  const host = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--unstable-worker-options", main, directory, evidence],
    env: { NO_COLOR: "1", GYRE_KILL_CACHE: cache },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const patience = setTimeout(() => host.kill("SIGKILL"), START_TIMEOUT);
  const reader = host.stdout.getReader();
  const { done } = await reader.read(); // it says so once it runs
  clearTimeout(patience);
  assert.ok(!done, "the host starts");
  await sleep(LIFE.min + random.below(LIFE.max - LIFE.min));
  host.kill("SIGKILL");
  await reader.cancel();
  await host.status;
  await sleep(random.below(LONGEST_PAUSE));
}

/** Every tick of a trigger is in exactly one record, from the first to the last. */
function assertAccounted(trigger: string, runs: readonly RunRecord[]): void {
  const own = runs.filter((run) => run.trigger === trigger)
    .toSorted((a, b) => a.scheduled - b.scheduled);
  const interval = Number.parseInt(String(KILL_TRIGGERS[trigger]?.["interval"]));
  assert.ok(own.length > 0, `${trigger} has runs`);
  let next = own[0]?.scheduled;
  for (const { scheduled, scheduledLast, count } of own) {
    assert.equal(scheduled, next, `${trigger} has every tick once`);
    assert.equal(count, (scheduledLast - scheduled) / interval + 1, `${trigger} counts its ticks`);
    next = scheduledLast + interval;
  }
}

/** What guests did is in the ledger, and not oftener than the ledger says. */
function assertEvidence(runs: readonly RunRecord[], lines: readonly string[]): void {
  const ended = new Map<string, number>();
  for (const line of lines) {
    const key = keyOfLine(line);
    ended.set(key, (ended.get(key) ?? 0) + 1);
  }
  const byKey = new Map(runs.map((run) => [keyOf(run), run]));
  for (const [key, times] of ended) {
    const attempts = byKey.get(key)?.attempts ?? 0;
    assert.ok(times <= attempts, `${key} ended ${times} times, and was started ${attempts} times`);
  }
}

function readLedger(directory: string): readonly RunRecord[] {
  using ledger = RunLedger.open({ directory, application: "killed.toml", now: 0, readOnly: true });
  return ledger.list({ limit: Infinity });
}

function readEvidence(path: string): readonly string[] {
  try {
    // The last line may have been cut off by the kill.
    return Deno.readTextFileSync(path).split("\n").slice(0, -1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function countOutcomes(runs: readonly RunRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome = "unfinished", count = 0 } of runs) {
    counts[outcome] = (counts[outcome] ?? 0) + count;
  }
  return counts;
}

function keyOf({ trigger, scheduled }: RunRecord): string {
  return `${trigger} ${new Date(scheduled).toISOString()}`;
}

function keyOfLine(line: string): string {
  return line.split(" ").slice(0, 2).join(" ");
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
