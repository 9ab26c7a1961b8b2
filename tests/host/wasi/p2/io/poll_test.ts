import assert from "node:assert/strict";
import { TimerPollable } from "../../../../../src/host/wasi/p2/clocks/timer_pollable.ts";
import { poll } from "../../../../../src/host/wasi/p2/io/poll.ts";
import { Pollable } from "../../../../../src/host/wasi/p2/io/pollable.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { ManualClock } from "../../../manual_clock.ts";
import { thrown } from "../../../thrown.ts";

function setUp() {
  const cancel = new AbortController();
  const clock = new ManualClock();
  const implementation = poll.create(guestContext({ signal: cancel.signal }));
  return {
    cancel,
    clock,
    timer: (milliseconds: number) =>
      new TimerPollable(BigInt(milliseconds) * 1_000_000n, {
        clock,
        signal: cancel.signal,
      }),
    poll: (pollables: readonly Pollable[]) => call(implementation, "poll", pollables),
  };
}

Deno.test("poll() answers at once with the indexes of all that are ready", () => {
  const { clock, timer, poll } = setUp();
  const pollables = [timer(5), new Pollable(), timer(10), timer(3)];
  clock.advance(5);
  assert.deepEqual(poll(pollables), Uint32Array.of(0, 1, 3));
  assert.equal(clock.pending, 0);
});

Deno.test("poll() waits for the first of several and leaves no timer behind", async () => {
  const { clock, timer, poll } = setUp();
  const waiting = poll([timer(500), timer(20), timer(20)]);
  assert(waiting instanceof Promise);
  assert.equal(clock.pending, 3);
  clock.advance(20);
  assert.deepEqual(await waiting, Uint32Array.of(1, 2));
  assert.equal(clock.pending, 0);
});

Deno.test("poll() takes the same pollable twice", async () => {
  const { clock, timer, poll } = setUp();
  const one = timer(1);
  const waiting = poll([one, one]);
  clock.advance(1);
  assert.deepEqual(await waiting, Uint32Array.of(0, 1));
});

Deno.test("poll() traps on an empty list", () => {
  const { poll } = setUp();
  assert(thrown(() => poll([])) instanceof WebAssembly.RuntimeError);
});

Deno.test("poll() rejects with the signal's reason and leaves no timer behind", async () => {
  const { cancel, clock, timer, poll } = setUp();
  const reason = new Error("Event cancelled");
  const waiting = poll([timer(500), timer(20)]);
  cancel.abort(reason);
  assert.equal(clock.pending, 0);
  await assert.rejects(async () => await waiting, reason);
});

Deno.test("block() returns at once when ready and a promise when not", async () => {
  const { clock, timer } = setUp();
  assert.equal(new Pollable().block(), undefined);
  assert.equal(timer(0).block(), undefined);
  const waiting = timer(7).block();
  clock.advance(7);
  assert.equal(await waiting, undefined);
  assert.equal(clock.pending, 0);
});

Deno.test("block() rejects with the signal's reason before and during the wait", async () => {
  const { cancel, clock, timer } = setUp();
  const reason = new Error("Event cancelled");
  const waiting = timer(7).block();
  cancel.abort(reason);
  await assert.rejects(async () => await waiting, reason);
  await assert.rejects(async () => await timer(7).block(), reason);
  assert.equal(clock.pending, 0);
});

Deno.test("waitForAny() leaves no listener on the signal behind", async () => {
  const { cancel, clock, timer, poll } = setUp();
  const listeners = new Set<unknown>();
  Object.assign(cancel.signal, {
    addEventListener: (_type: string, listener: unknown) => listeners.add(listener),
    removeEventListener: (_type: string, listener: unknown) => listeners.delete(listener),
  });
  const waiting = poll([timer(1), timer(2)]);
  assert.equal(listeners.size, 1);
  clock.advance(1);
  await waiting;
  assert.equal(listeners.size, 0);
});
