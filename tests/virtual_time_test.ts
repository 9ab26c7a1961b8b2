import assert from "node:assert/strict";
import { delay } from "../src/clock.ts";
import { VirtualTime } from "../src/virtual_time.ts";

const START = Date.UTC(2026, 2, 28);
const DAY = 86_400_000;

Deno.test("runUntil() calls back in the order of the moments, and of asking", async () => {
  const time = new VirtualTime({ start: START });
  const calls: string[] = [];
  const note = (name: string) => () => calls.push(`${name} ${time.monotonic()}`);
  time.after(note("c"), 300);
  time.after(note("a"), 100);
  time.after(note("b"), 100);
  const cancel = time.after(note("x"), 200);
  cancel();
  time.after(note("late"), 1_001);
  await time.runUntil(START + 1_000);
  assert.deepEqual(calls, ["a 100", "b 100", "c 300"]);
  assert.equal(time.now(), START + 1_000);
  await time.runUntil(START + 1_001);
  assert.equal(calls.at(-1), "late 1001");
});

Deno.test("runUntil() lets everything happen that follows before it moves on", async () => {
  const time = new VirtualTime({ start: START });
  const { signal } = new AbortController();
  const moments: number[] = [];
  const loop = async () => {
    for (let step = 0; step < 5; step++) {
      await delay(time, 10, signal);
      for (let turn = 0; turn < 20; turn++) await undefined;
      moments.push(time.monotonic());
    }
  };
  const looping = loop();
  await time.runUntil(START + DAY);
  await looping;
  assert.deepEqual(moments, [10, 20, 30, 40, 50]);
});

Deno.test("time stands still while something is under way, and results come in their order", async () => {
  const time = new VirtualTime({ start: START });
  const results: string[] = [];
  const real = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const work = async (name: string, takes: number) => {
    await time.during(() => real(takes));
    results.push(`${name} ${time.monotonic()}`);
  };
  const working = [work("first", 30), work("second", 1), work("third", 10)];
  time.after(() => results.push("alarm"), 1);
  await time.runUntil(START + 5);
  await Promise.all(working);
  assert.deepEqual(results, ["first 0", "second 0", "third 0", "alarm"]);
});

Deno.test("during() gives what may come at rest without runUntil(), and in its order while that runs", async () => {
  const time = new VirtualTime({ start: START });
  const atRest = <T>(work: () => Promise<T>) => time.during(work, { alsoAtRest: true });
  assert.equal(await atRest(() => Promise.resolve("given")), "given");
  const results: string[] = [];
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  time.after(() => {
    atRest(() => first.promise).then((what) => results.push(`${what} ${time.monotonic()}`));
    time.during(() => second.promise).then((what) => results.push(`${what} ${time.monotonic()}`));
    second.resolve("second");
    setTimeout(() => first.resolve("first"), 10);
  }, 1);
  time.after(() => results.push("alarm"), 2);
  await time.runUntil(START + 5);
  assert.deepEqual(results, ["first 1", "second 1", "alarm"]);
});

Deno.test("VirtualTime starts at no time that is none", () => {
  for (const start of [NaN, Infinity, -Infinity]) {
    assert.throws(() => new VirtualTime({ start }), RangeError);
  }
});

Deno.test("what fails under way rejects, and time goes on", async () => {
  const time = new VirtualTime({ start: START });
  const failing = time.during(() => Promise.reject(new RangeError("no")));
  const rejected = assert.rejects(failing, RangeError);
  await time.runUntil(START + 1);
  await rejected;
  assert.equal(time.now(), START + 1);
});

Deno.test("runUntil() ends with its signal's reason", async () => {
  const time = new VirtualTime({ start: START });
  const reason = new Error("enough");
  const ending = new AbortController();
  time.after(() => ending.abort(reason), 100);
  time.after(() => assert.fail("it went on"), 200);
  await assert.rejects(time.runUntil(START + DAY, { signal: ending.signal }), reason);
  assert.equal(time.monotonic(), 100);
});
