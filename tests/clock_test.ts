import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { delay, systemClock } from "../src/clock.ts";
import { FakeClock, settled } from "./support/fake_clock.ts";

Deno.test("delay() gives true at its moment, not before it", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  let result: boolean | undefined;
  const waiting = delay(clock, 100, signal).then((value) => result = value);
  await clock.advance(99);
  assert.equal(result, undefined);
  await clock.advance(1);
  assert.equal(await waiting, true);
  assert.equal(clock.pending, 0);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

Deno.test("delay() gives false at once when the signal fires, and leaves nothing behind", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const waiting = delay(clock, 100, controller.signal);
  assert.equal(clock.pending, 1);
  controller.abort();
  assert.equal(await waiting, false);
  assert.equal(clock.pending, 0);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

Deno.test("delay() gives false and sets no alarm when the signal has fired already", async () => {
  const clock = new FakeClock();
  const signal = AbortSignal.abort();
  assert.equal(await delay(clock, 100, signal), false);
  assert.equal(clock.pending, 0);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

Deno.test("delay() keeps its answer when the signal fires in the same turn as the alarm", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const waiting = delay(clock, 0, controller.signal);
  await settled();
  controller.abort();
  assert.equal(await waiting, true);
});

Deno.test("delay() on the platform's clock leaves no timer when it is aborted", async () => {
  const controller = new AbortController();
  const waiting = delay(systemClock, 60_000, controller.signal);
  controller.abort();
  assert.equal(await waiting, false); // the sanitizers find the timer, were it left
});

Deno.test("systemClock calls back once, never when cancelled", async () => {
  const calls: string[] = [];
  const cancel = systemClock.after(() => calls.push("cancelled"), 0);
  cancel();
  await new Promise<void>((resolve) => {
    systemClock.after(() => {
      calls.push("due");
      resolve();
    }, 1);
  });
  cancel();
  assert.deepEqual(calls, ["due"]);
});

Deno.test("systemClock never goes back, and tells the wall-clock time", () => {
  const before = systemClock.monotonic();
  assert.ok(systemClock.monotonic() >= before);
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
});

for (const milliseconds of [2 ** 31, 30 * 86_400_000, Infinity]) {
  Deno.test(`systemClock does not call back at once when asked to wait ${milliseconds} ms`, async () => {
    let called = false;
    const cancel = systemClock.after(() => called = true, milliseconds);
    await new Promise<void>((resolve) => void systemClock.after(resolve, 20));
    cancel();
    assert.equal(called, false);
  });
}
