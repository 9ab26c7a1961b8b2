import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { RunLedger } from "../../src/services/ledger/run_ledger.ts";
import type { TriggerRuns } from "../../src/services/ledger/trigger_runs.ts";
import type { Outcome } from "../../src/triggers/outcome.ts";
import type { TickPolicy } from "../../src/triggers/schedule/tick_policy.ts";
import type { TimerConfig } from "../../src/triggers/timer/timer_schema.ts";
import { timerTrigger } from "../../src/triggers/timer/timer_trigger.ts";
import type { BoundTrigger, TriggerEvent } from "../../src/triggers/trigger.ts";
import { FakeClock, settled } from "../support/fake_clock.ts";

const START = Date.UTC(2026, 6, 5, 23, 59, 58, 500);
const POLICY: TickPolicy = { overlap: "skip", missed: "skip", catchUpWindow: 0, jitter: 0 };
const OK: Outcome = { kind: "ok", component: "c", trigger: "t", event: "e", duration: 0 };

/** A timer that writes down what happens, and whose events end when a test says so. */
class FakeTimer implements BoundTrigger {
  readonly id = "t";
  readonly queue = 100;
  readonly config: unknown;
  readonly runs: TriggerRuns;
  readonly ticks: TriggerEvent[] = [];
  readonly skipped: number[] = [];
  /** When (ms since the start) each tick came. */
  readonly moments: number[] = [];
  /** Whether events stay under way until {@linkcode end} is called. */
  holds = false;
  running = 0;
  mostRunning = 0;
  readonly #clock: FakeClock;
  readonly #ends: (() => void)[] = [];

  constructor(
    clock: FakeClock,
    { runs, ...config }: Partial<TimerConfig> & { readonly runs: TriggerRuns },
  ) {
    this.#clock = clock;
    this.config = { policy: POLICY, ...config };
    this.runs = runs;
  }

  async dispatch(event: TriggerEvent): Promise<Outcome> {
    this.ticks.push(event);
    this.moments.push(this.#clock.monotonic());
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    if (this.holds) {
      const held = Promise.withResolvers<void>();
      this.#ends.push(held.resolve);
      await held.promise;
    }
    this.running--;
    return OK;
  }

  skip({ count }: { readonly count: number }): void {
    this.skipped.push(count);
  }

  end(): void {
    this.#ends.shift()?.();
  }
}

/** A run of the trigger that a test steers. */
class Run {
  readonly clock = new FakeClock(START);
  readonly ledger = RunLedger.open({ application: "a", now: START });
  readonly timers: readonly FakeTimer[];
  readonly stopping = new AbortController();
  readonly ended: Promise<void>;
  hasEnded = false;

  constructor(
    intervals: readonly number[],
    options: {
      readonly speedup?: number;
      readonly once?: boolean;
      readonly holds?: boolean;
      readonly config?: Partial<TimerConfig>;
    } = {},
  ) {
    this.timers = intervals.map((interval, index) => {
      const runs = this.ledger.trigger(`t${index}`, "c");
      return new FakeTimer(this.clock, { ...options.config, interval, runs });
    });
    for (const timer of this.timers) timer.holds = options.holds ?? false;
    this.ended = timerTrigger.run({
      triggers: this.timers,
      settings: { speedup: options.speedup ?? 1 },
      clock: this.clock,
      signal: this.stopping.signal,
      once: options.once ?? false,
      batch: (work) => this.ledger.batch(work),
    }).then(() => {
      this.hasEnded = true;
    });
  }

  /** The only timer. */
  get timer(): FakeTimer {
    const [timer] = this.timers;
    if (timer === undefined) throw new Error("The run has no timer");
    return timer;
  }

  /** Ends the run, and makes sure that it leaves nothing behind. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
    assert.equal(this.clock.pending, 0);
    assert.equal(getEventListeners(this.stopping.signal, "abort").length, 0);
  }
}

Deno.test("a timer fires first after one interval, then once for each, on the dot", async () => {
  const run = new Run([1_000]);
  await run.clock.advance(999);
  assert.deepEqual(run.timer.moments, []);
  await run.clock.advance(1);
  assert.deepEqual(run.timer.moments, [1_000]);
  await run.clock.advance(9_000);
  assert.deepEqual(run.timer.moments, Array.from({ length: 10 }, (_, n) => (n + 1) * 1_000));
  assert.deepEqual(run.timer.skipped, []);
  await run.stop();
});

Deno.test("a tick carries its scheduled time, in RFC 3339 with milliseconds, as id and argument", async () => {
  const run = new Run([1_500]);
  await run.clock.advance(4_500);
  assert.deepEqual(
    run.timer.ticks.map(({ id, args }) => ({ id, args })),
    [
      "2026-07-06T00:00:00.000Z",
      "2026-07-06T00:00:01.500Z",
      "2026-07-06T00:00:03.000Z",
    ].map((time) => ({ id: time, args: [time, Date.parse(time)] })),
  );
  await run.stop();
});

Deno.test("a tick carries the scheduled time, not the moment, when it comes late", async () => {
  const run = new Run([1_000]);
  await settled();
  run.clock.jump(1_300);
  await run.clock.advance(0);
  assert.deepEqual(run.timer.moments, [1_300]);
  assert.equal(run.timer.ticks[0]?.id, "2026-07-05T23:59:59.500Z");
  await run.clock.advance(700);
  assert.deepEqual(run.timer.moments, [1_300, 2_000]);
  await run.stop();
});

Deno.test("a tick that is due while the last one runs is skipped and counted, and the grid stays", async () => {
  const run = new Run([1_000], { holds: true });
  await run.clock.advance(4_700);
  assert.deepEqual(run.timer.moments, [1_000]);
  run.timer.end();
  await settled();
  assert.deepEqual(run.timer.skipped, [1, 1, 1]);
  await run.clock.advance(300);
  assert.deepEqual(run.timer.moments, [1_000, 5_000]);
  run.timer.end();
  await run.clock.advance(1_000);
  assert.deepEqual(run.timer.moments, [1_000, 5_000, 6_000]);
  assert.deepEqual(run.timer.skipped, [1, 1, 1]);
  assert.equal(run.timer.mostRunning, 1);
  run.timer.end();
  await run.stop();
});

const STARTS: readonly (readonly [TimerConfig["start"], readonly number[]])[] = [
  [undefined, [10_000, 20_000, 30_000]],
  [0, [0, 10_000, 20_000, 30_000]],
  [4_000, [4_000, 14_000, 24_000, 34_000]],
  ["aligned", [1_500, 11_500, 21_500, 31_500]], // the run begins 1.5 s before midnight
];

for (const [start, moments] of STARTS) {
  Deno.test(`a timer with start ${start} fires after ${moments.slice(0, 2)} ms and so on`, async () => {
    const run = new Run([10_000], { config: start === undefined ? {} : { start } });
    await run.clock.advance(35_000);
    assert.deepEqual(run.timer.moments, moments);
    await run.stop();
  });
}

Deno.test("a tick names its trigger, its time and its attempt in the guest's environment", async () => {
  const run = new Run([1_500], { config: { policy: { ...POLICY, input: "daily", timeout: 5 } } });
  await run.clock.advance(1_500);
  const [tick] = run.timer.ticks;
  assert.deepEqual(tick?.environment, {
    GYRE_TRIGGER_ID: "t",
    GYRE_SCHEDULED_TIME: "2026-07-06T00:00:00.000Z",
    GYRE_ATTEMPT: "1",
  });
  assert.equal(tick?.args[0], "daily");
  assert.equal(tick?.timeout, 5);
  await run.stop();
});

Deno.test("several timers run side by side, and one that hangs does not hold up another", async () => {
  const run = new Run([1_000, 300, 1_000]);
  const [slow, fast, twin] = run.timers;
  if (slow !== undefined) slow.holds = true;
  await run.clock.advance(3_000);
  assert.equal(slow?.moments.length, 1);
  assert.equal(fast?.moments.length, 10);
  assert.equal(twin?.moments.length, 3);
  slow?.end();
  await run.stop();
});

Deno.test("a timer that is stopped while it sleeps ends at once", async () => {
  const run = new Run([3_600_000]);
  await run.clock.advance(10);
  await run.stop();
  assert.deepEqual(run.timer.ticks, []);
});

Deno.test("a timer that is stopped while an event runs ends with the event, and fires no more", async () => {
  const run = new Run([1_000], { holds: true });
  await run.clock.advance(1_500);
  run.stopping.abort();
  await run.clock.advance(100);
  assert.equal(run.hasEnded, false);
  run.timer.end();
  await run.stop();
  assert.equal(run.timer.ticks.length, 1);
  assert.deepEqual(run.timer.skipped, []);
});

Deno.test("a timer does not count ticks as skipped that were due after it was stopped", async () => {
  const run = new Run([1_000], { holds: true });
  await run.clock.advance(1_500);
  run.stopping.abort();
  await run.clock.advance(60_000);
  run.timer.end();
  await run.stop();
  assert.deepEqual(run.timer.skipped, []);
});

Deno.test("a timer that is stopped the moment a tick is due does not fire", async () => {
  const run = new Run([1_000]);
  await settled();
  run.clock.jump(1_000);
  run.stopping.abort();
  await run.ended;
  assert.deepEqual(run.timer.ticks, []);
});

Deno.test("a timer whose signal has fired already never fires", async () => {
  const run = new Run([1_000]);
  run.stopping.abort();
  await run.clock.advance(5_000);
  await run.stop();
  assert.deepEqual(run.timer.ticks, []);
});

Deno.test("a timer runs faster by the factor of speedup", async () => {
  const run = new Run([10_000], { speedup: 40 });
  await run.clock.advance(1_000);
  assert.deepEqual(run.timer.moments, [250, 500, 750, 1_000]);
  await run.stop();
});

Deno.test("a timer sleeps no longer than 30 s at a time, also for a long interval", async () => {
  const run = new Run([86_400_000]);
  await settled();
  assert.ok((run.clock.untilNext ?? Infinity) <= 30_000);
  await run.clock.advance(86_399_999);
  assert.deepEqual(run.timer.moments, []);
  await run.clock.advance(1);
  assert.deepEqual(run.timer.moments, [86_400_000]);
  await run.stop();
});

Deno.test("a timer in once mode fires at once, once, and ends", async () => {
  const run = new Run([1_000, 86_400_000], { once: true, holds: true });
  await settled();
  assert.equal(run.hasEnded, false);
  for (const timer of run.timers) timer.end();
  await run.ended;
  for (const timer of run.timers) {
    assert.deepEqual(timer.ticks.map(({ id, args }) => ({ id, args })), [{
      id: "2026-07-05T23:59:58.500Z",
      args: ["2026-07-05T23:59:58.500Z", START],
    }]);
  }
  assert.equal(run.clock.pending, 0);
});

Deno.test("a run without timers ends", async () => {
  await new Run([]).ended;
});

const DESCRIPTIONS: readonly (readonly [interval: number, speedup: number, text: string])[] = [
  [1_000, 1, "every 1 s"],
  [250, 1, "every 250 ms"],
  [300_000, 1, "every 5 min"],
  [10_000, 100, "every 100 ms"],
];

for (const [interval, speedup, text] of DESCRIPTIONS) {
  Deno.test(`describe() says "${text}" when the interval is ${interval} ms at speed ${speedup}`, () => {
    assert.equal(timerTrigger.describe({ interval }, { speedup }), text);
  });
}
