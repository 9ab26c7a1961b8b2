import assert from "node:assert/strict";
import { Scheduler, type Sleeper } from "../../../src/triggers/schedule/scheduler.ts";
import { FakeClock, settled } from "../../support/fake_clock.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Wakes every so often, and writes down when. */
class Periodic implements Sleeper {
  due: number | undefined;
  readonly #name: string;
  readonly #period: number;
  readonly #log: string[];

  constructor(
    name: string,
    options: { readonly period: number; readonly log: string[]; readonly start: number },
  ) {
    this.#name = name;
    this.#period = options.period;
    this.#log = options.log;
    this.due = options.start + options.period;
  }

  wake(now: number): readonly (() => void)[] {
    this.due = now + this.#period;
    return [() => this.#log.push(this.#name)];
  }

  reschedule(now: number): void {
    this.#log.push(`${this.#name} set back`);
    this.due = now + this.#period;
  }
}

function schedulerOf(sleepers: readonly Sleeper[], clock: FakeClock) {
  const stopping = new AbortController();
  let batches = 0;
  const scheduler = new Scheduler(sleepers, {
    clock,
    now: () => clock.now(),
    batch: (work) => {
      batches++;
      return work();
    },
    signal: stopping.signal,
  });
  const running = scheduler.run();
  return {
    batches: () => batches,
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}

Deno.test("thousands of sleepers share one timer, and those of one moment come in their order", async () => {
  const clock = new FakeClock();
  const log: string[] = [];
  const start = clock.now();
  const sleepers = Array.from(
    { length: 5_000 },
    (_, index) => new Periodic(`${index}`, { period: SECOND * (1 + index % 2), log, start }),
  );
  const { batches, stop } = schedulerOf(sleepers, clock);
  await settled();
  assert.equal(clock.pending, 1);
  await clock.advance(SECOND);
  const even = sleepers.flatMap((_, index) => index % 2 === 0 ? [`${index}`] : []);
  assert.deepEqual(log, even);
  assert.ok(batches() < 100, `${batches()} batches`);
  await clock.advance(SECOND);
  assert.equal(log.length, 2_500 + 5_000);
  await stop();
  assert.equal(clock.pending, 0);
});

Deno.test("sleepers are asked anew when the clock was set back by more than 3 h, and not by less", async () => {
  const clock = new FakeClock();
  const log: string[] = [];
  const sleeper = new Periodic("a", { period: HOUR, log, start: clock.now() });
  const { stop } = schedulerOf([sleeper], clock);
  await clock.advance(SECOND);
  clock.setWall(clock.now() - 2 * HOUR);
  await clock.advance(30 * SECOND);
  assert.deepEqual(log, []);
  clock.setWall(clock.now() - 4 * HOUR);
  await clock.advance(30 * SECOND);
  assert.deepEqual(log, ["a set back"]);
  await stop();
});

Deno.test("a scheduler without sleepers, or with none that is due again, ends", async () => {
  const clock = new FakeClock();
  await schedulerOf([], clock).stop();
  const once: Sleeper = {
    due: clock.now(),
    wake() {
      Object.assign(this, { due: undefined });
      return [];
    },
    reschedule() {},
  };
  const scheduler = new Scheduler([once], {
    clock,
    now: () => clock.now(),
    batch: (work) => work(),
    signal: new AbortController().signal,
  });
  await scheduler.run();
  assert.equal(clock.pending, 0);
});
