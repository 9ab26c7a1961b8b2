import assert from "node:assert/strict";
import type { Clock } from "../../../../../src/clock.ts";
import { monotonicClock } from "../../../../../src/host/wasi/p2/clocks/monotonic_clock.ts";
import { TimerPollable } from "../../../../../src/host/wasi/p2/clocks/timer_pollable.ts";
import { wallClock } from "../../../../../src/host/wasi/p2/clocks/wall_clock.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { ManualClock } from "../../../manual_clock.ts";

Deno.test("monotonic-clock counts in nanoseconds", () => {
  const clock = new ManualClock();
  const implementation = monotonicClock.create(guestContext({ clock }));
  clock.advance(1.5);
  assert.equal(call(implementation, "now"), 1_500_000n);
  assert.equal(call(implementation, "resolution"), 1_000n);
});

Deno.test("subscribeInstant() and subscribeDuration() are ready at their moment", () => {
  const clock = new ManualClock();
  clock.advance(100);
  const implementation = monotonicClock.create(guestContext({ clock }));
  const instant = call(implementation, "subscribeInstant", 110_000_000n);
  const duration = call(implementation, "subscribeDuration", 10_000_000n);
  const past = call(implementation, "subscribeInstant", 1n);
  for (const pollable of [instant, duration, past]) {
    assert(pollable instanceof TimerPollable);
  }
  const ready = () =>
    [instant, duration, past].map((pollable) => (pollable as TimerPollable).ready());
  assert.deepEqual(ready(), [false, false, true]);
  clock.advance(9.999);
  assert.deepEqual(ready(), [false, false, true]);
  clock.advance(0.001);
  assert.deepEqual(ready(), [true, true, true]);
});

Deno.test("a timer of many days sleeps in short stretches", async () => {
  const clock = new ManualClock();
  const sleeps: number[] = [];
  const recording: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after(callback, milliseconds) {
      sleeps.push(milliseconds);
      return clock.after(callback, milliseconds);
    },
  };
  const { signal } = new AbortController();
  const timer = new TimerPollable(70_000_000_000n, { clock: recording, signal });
  const waiting = timer.block();
  clock.advance(30_000);
  clock.advance(30_000);
  clock.advance(10_000);
  await waiting;
  assert.deepEqual(sleeps, [30_000, 30_000, 10_000]);
  assert.equal(clock.pending, 0);
});

Deno.test("a timer sleeps on when the platform wakes it too early", async () => {
  const clock = new ManualClock();
  const early: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (callback, milliseconds) => clock.after(callback, Math.max(milliseconds - 1, 0.5)),
  };
  const { signal } = new AbortController();
  const waiting = new TimerPollable(2_000_000n, { clock: early, signal })
    .block();
  clock.advance(1);
  assert.equal(clock.pending, 1);
  clock.advance(1);
  await waiting;
});

Deno.test("subscribeDuration() takes the longest duration there is", () => {
  const clock = new ManualClock();
  clock.advance(1);
  const implementation = monotonicClock.create(guestContext({ clock }));
  const pollable = call(implementation, "subscribeDuration", 2n ** 64n - 1n);
  assert(pollable instanceof TimerPollable);
  assert.equal(pollable.ready(), false);
});

Deno.test("wall-clock splits the time into seconds and nanoseconds", () => {
  const clock = new ManualClock(1_767_225_600_123);
  const implementation = wallClock.create(guestContext({ clock }));
  assert.deepEqual(call(implementation, "now"), {
    seconds: 1_767_225_600n,
    nanoseconds: 123_000_000,
  });
  assert.deepEqual(call(implementation, "resolution"), {
    seconds: 0n,
    nanoseconds: 1_000_000,
  });
});
