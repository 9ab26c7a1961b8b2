import assert from "node:assert/strict";
import type { CallResult } from "../../src/guest/runner.ts";
import type { Simulation } from "../../src/guest/simulation.ts";
import { startInline } from "../../src/isolation/inline.ts";
import type { Executor, Isolation } from "../../src/isolation/isolation.ts";
import { simulated } from "../../src/isolation/simulated.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { VirtualTime } from "../../src/virtual_time.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { jcoReady } from "../compile/jco_ready.ts";
import { executorSpec, HANDLE, NO_GRANT } from "./executor_spec.ts";

await jcoReady();

const START = Date.UTC(2026, 2, 28);
const BEGIN: Simulation = { wall: START, monotonic: 5_000, seed: "s" };
const ISOLATIONS: Readonly<Record<string, Isolation>> = { startInline, startWorker };

function valueOf(result: CallResult): {
  readonly before: number;
  readonly after: number;
  readonly date: number;
  readonly dice: readonly unknown[];
  readonly environment: Readonly<Record<string, string>>;
} {
  assert.ok(result.ok, Deno.inspect(result));
  return JSON.parse(String(result.value));
}

/** jco's scheduler looks again 10 ms after a guest was suspended. */
async function schedulerAtRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

for (const [name, start] of Object.entries(ISOLATIONS)) {
  const test = (what: string, run: (executor: Executor) => Promise<void>) => {
    Deno.test(`a simulated call of ${name}() ${what}`, async () => {
      await using executor = await start(executorSpec(await compiledGuest("qjs-simulated")));
      await run(executor);
      await schedulerAtRest();
    });
  };

  test("sees the time that it is given, and the same chance every time", async (executor) => {
    const call = (simulation: Simulation) =>
      executor.call({ export: HANDLE, args: ["tell"], simulation });
    const [first, second] = [await call(BEGIN), await call(BEGIN)];
    const { cpu: _cpu, ...usage } = first.usage ?? { cpu: 0 };
    assert.deepEqual({ ...second, usage: undefined }, { ...first, usage: undefined });
    const { cpu: _other, ...again } = second.usage ?? { cpu: 0 };
    assert.deepEqual(again, usage);
    assert.equal(Math.floor(valueOf(first).before), START / 1_000);
    const other = await call({ ...BEGIN, seed: "t" });
    assert.notDeepEqual(valueOf(other).dice, valueOf(first).dice);
  });

  test("sleeps for no real time", async (executor) => {
    const began = performance.now();
    const result = await executor.call({
      export: HANDLE,
      args: ["sleep 3600000"],
      simulation: BEGIN,
    });
    assert.ok(performance.now() - began < 5_000);
    const { before, after, date } = valueOf(result);
    assert.equal(Math.round(after - before), 3_600);
    assert.equal(date, Math.round(after * 1_000), "JavaScript's own clock is the same one");
    assert.equal(Math.round((result.elapsed ?? 0) / 1_000), 3_600);
  });

  test("ends when its time is over, in virtual time", async (executor) => {
    const request = { export: HANDLE, args: ["sleep 600000"], simulation: BEGIN, timeout: 30_000 };
    const result = await executor.call(request);
    assert.equal(result.ok ? "ok" : result.failure.kind, "timeout");
    assert.equal(result.elapsed, 30_000);
  });

  test("takes all of its time when it goes on for ever", async () => {
    await using looping = await start(executorSpec(await compiledGuest("wat-loop")));
    const request = { export: HANDLE, args: ["x"], simulation: BEGIN, timeout: 50 };
    const result = await looping.call(request);
    assert.equal(result.ok ? "ok" : result.failure.kind, "timeout");
    assert.equal(result.elapsed, 50);
  });

  test("gets on when it waits in a loop", async (executor) => {
    const result = await executor.call({ export: HANDLE, args: ["spin 2"], simulation: BEGIN });
    assert.ok(result.elapsed !== undefined && result.elapsed >= 2 && result.elapsed < 3);
  });

  Deno.test(`a call of ${name}() has its own environment and output`, async () => {
    const spec = executorSpec(await compiledGuest("qjs-simulated"), {
      grant: { ...NO_GRANT, environment: { HOME: "/home", LEVEL: "1" } },
    });
    await using executor = await start(spec);
    const environment = { LEVEL: "2", EXTRA: "x" };
    const own = valueOf(await executor.call({ export: HANDLE, args: ["tell"], environment }));
    assert.deepEqual(own.environment, { HOME: "/home", LEVEL: "2", EXTRA: "x" });
    const next = valueOf(await executor.call({ export: HANDLE, args: ["tell"] }));
    assert.deepEqual(next.environment, { HOME: "/home", LEVEL: "1" });

    const all = executorSpec(await compiledGuest("wat-stdout"));
    await using writer = await start(all);
    const lines: string[] = [];
    const calling = [
      writer.call({ export: HANDLE, args: ["x"], onOutput: ({ line }) => lines.push(line) }),
      writer.call({ export: HANDLE, args: ["x"] }),
    ];
    const [result] = await Promise.all(calling);
    assert.ok(lines.length > 0);
    assert.equal(all.output.length, 2 * lines.length, "the component's own output has both");
    assert.equal(result?.usage?.output, 50);
    await schedulerAtRest();
  });
}

for (const [name, start] of Object.entries(ISOLATIONS)) {
  Deno.test(`time stands still while ${name}() starts, which needs no time to run`, async () => {
    const time = new VirtualTime({ start: START });
    const isolation = simulated(start, time);
    const spec = executorSpec(await compiledGuest("wat-sleep"));
    const called = Promise.withResolvers<number>();
    await using _early = await isolation(spec);
    await using executors = new AsyncDisposableStack();
    time.after(async () => {
      const executor = executors.use(await isolation(spec));
      await executor.call({ export: HANDLE, args: ["x"] });
      called.resolve(time.monotonic());
    }, 1_000);
    await time.runUntil(START + 60_000);
    assert.equal(Math.floor(await called.promise), 1_300, "the guest sleeps for 300 ms");
    await schedulerAtRest();
  });
}

Deno.test("simulated() gives each call of a component its own chance, also after a new start", async () => {
  const time = new VirtualTime({ start: START, seed: "s" });
  const isolation = simulated(startInline, time);
  const compiled = await compiledGuest("qjs-simulated");
  const rolls: string[] = [];
  const roll = async (componentId: string) => {
    await using executor = await isolation(executorSpec(compiled, { componentId }));
    const result = await executor.call({ export: HANDLE, args: ["tell"] });
    rolls.push(String(valueOf(result).dice));
  };
  for (const componentId of ["a", "a", "b"]) {
    const rolling = roll(componentId);
    await time.runUntil(time.now() + 1_000);
    await rolling;
  }
  assert.equal(new Set(rolls).size, 3, Deno.inspect(rolls));
});

Deno.test("simulated() delivers results at their virtual moments", async () => {
  const time = new VirtualTime({ start: START, seed: "s" });
  const spec = executorSpec(await compiledGuest("qjs-simulated"));
  await using executor = await simulated(startInline, time)(spec);
  const ends: string[] = [];
  const call = async (what: string, signal?: AbortSignal) => {
    const result = await executor.call({
      export: HANDLE,
      args: [what],
      ...(signal !== undefined && { signal }),
    });
    ends.push(`${what} ${result.ok ? "ok" : result.failure.kind} ${Math.round(time.monotonic())}`);
  };
  const ending = new AbortController();
  time.after(() => ending.abort(), 500);
  const calls = [call("sleep 2000"), call("sleep 1000"), call("sleep 3000", ending.signal)];
  await time.runUntil(START + 10_000);
  await Promise.all(calls);
  assert.deepEqual(ends, [
    "sleep 3000 cancelled 500",
    "sleep 1000 ok 1000",
    "sleep 2000 ok 2000",
  ]);
  await schedulerAtRest();
});
