/**
 * A process that writes a ledger under load, for tests that look at it from outside or kill it. It
 * says what it was told to be kept, a line each, at once: `finish TRIGGER TICK OUTCOME`, or
 * `pass TRIGGER FIRST LAST OUTCOME`. Ticks are one ms apart.
 *
 * Usage: `writer_main.ts DIRECTORY APPLICATION SEED [TICKS]`
 *
 * @module
 */

import { RunLedger } from "../../../src/services/ledger/run_ledger.ts";
import type { TriggerRuns } from "../../../src/services/ledger/trigger_runs.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";

const OUTCOMES = ["ok", "guest-error", "trap", "timeout"] as const;
const TRIGGERS = ["a", "b", "c", "d"];
/** A run is kept, and what it wrote for a while only, so that old output is removed under load. */
const KEEP = { age: 1e12, count: 1e9, outputs: 50 };

interface Writer {
  readonly id: string;
  readonly runs: TriggerRuns;
  next: number;
}

const [directory = "", application = "", seed = "", most = "Infinity"] = Deno.args;
const random = new SeededRandom(Number(seed));
const encoder = new TextEncoder();
using ledger = RunLedger.open({ directory, application, now: 0, lock: true, keep: KEEP });
const writers = TRIGGERS.map(takeOver);
say("ready");
for (let tick = 0; tick < Number(most); tick++) {
  if (random.below(4) === 0) runTogether();
  else runAlone(random.pick(writers));
}
say("done");

function takeOver(id: string): Writer {
  const runs = ledger.trigger(id, "c");
  const { cursor, unfinished } = runs.resume("every ms", 0);
  for (const { id: run, scheduled } of unfinished) {
    runs.finish(run, { outcome: "interrupted" }, scheduled);
    say(`finish ${id} ${scheduled} interrupted`);
  }
  return { id, runs, next: cursor + 1 };
}

/** One tick, or some that are not run, each write on its own. */
function runAlone(writer: Writer): void {
  const { id, runs } = writer;
  const first = writer.next;
  if (random.below(5) === 0) {
    const last = first + random.below(3);
    const outcome = random.pick(["missed", "skipped"] as const);
    writer.next = last + 1;
    runs.pass({ first, last, count: last - first + 1, outcome, message: "m" });
    return say(`pass ${id} ${first} ${last} ${outcome}`);
  }
  writer.next += 1;
  const run = schedule(runs, first);
  runs.start(run, first);
  runs.write(run, { attempt: 1, stream: "stdout", line: `tick ${first}` });
  finish(writer, run, first);
}

/** A tick of every trigger, scheduled in one transaction, as the scheduler wakes them. */
function runTogether(): void {
  const due = ledger.batch(() =>
    writers.map((writer) => {
      const tick = writer.next++;
      const run = schedule(writer.runs, tick);
      writer.runs.start(run, tick);
      return { writer, tick, run };
    })
  );
  for (const { writer, tick, run } of due) finish(writer, run, tick);
}

function schedule(runs: TriggerRuns, tick: number): number {
  const run = runs.schedule(tick);
  if (run === undefined) throw new Error(`Tick ${tick} was scheduled before`);
  return run;
}

function finish({ id, runs }: Writer, run: number, tick: number): void {
  const outcome = random.pick(OUTCOMES);
  runs.finish(run, { outcome }, tick);
  say(`finish ${id} ${tick} ${outcome}`);
}

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}
