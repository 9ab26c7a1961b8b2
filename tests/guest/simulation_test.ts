import assert from "node:assert/strict";
import { SimulatedClock } from "../../src/guest/simulation.ts";
import { createHost } from "../../src/host/create_host.ts";
import { Pollable } from "../../src/host/wasi/p2/io/pollable.ts";
import { guestContext } from "../host/guest_context.ts";
import { settled } from "../support/fake_clock.ts";

const BEGIN = { wall: Date.UTC(2026, 2, 28), monotonic: 5_000, seed: "" };
const SECOND = 1_000_000_000n;

function clockFor(longest = Infinity): {
  readonly clock: SimulatedClock;
  readonly overs: readonly number[];
} {
  const overs: number[] = [];
  const clock: SimulatedClock = new SimulatedClock(BEGIN, {
    longest,
    onOver: () => overs.push(clock.elapsed),
  });
  return { clock, overs };
}

Deno.test("a simulated clock moves by a microsecond when it is read, and begins where it is told", () => {
  const { clock } = clockFor();
  assert.equal(clock.monotonic(), 5_000.001);
  assert.equal(clock.now(), BEGIN.wall);
  for (let left = 1_000; left > 0; left--) clock.monotonic();
  assert.equal(clock.now(), BEGIN.wall + 1);
  assert.equal(Math.round(clock.elapsed * 1_000), 1_003);
});

Deno.test("a simulated clock jumps to the end of the shortest wait that was not given up", async () => {
  const { clock } = clockFor();
  const ends: string[] = [];
  const wait = (name: string, milliseconds: number) =>
    clock.after(() => ends.push(`${name} ${clock.elapsed}`), milliseconds);
  wait("long", 3_600_000);
  const giveUp = wait("none", 10);
  wait("short", 2_000);
  giveUp();
  await settled();
  await settled();
  assert.deepEqual(ends, ["short 2000"]);
  wait("shortest", 500);
  await settled();
  await settled();
  assert.deepEqual(ends, ["short 2000", "shortest 2500"]);
});

Deno.test("a simulated clock goes no further than it may, and says so once", async () => {
  const { clock, overs } = clockFor(1_000);
  clock.after(() => assert.fail("it is too late for that"), 1_000.5);
  await settled();
  await settled();
  clock.monotonic();
  clock.now();
  assert.equal(clock.elapsed, 1_000);
  assert.deepEqual(overs, [1_000]);
});

Deno.test("a simulated clock ends a loop that looks at it for ever", () => {
  const { clock, overs } = clockFor(1);
  let looks = 0;
  while (overs.length === 0) {
    clock.monotonic();
    looks++;
  }
  assert.ok(looks >= 999 && looks <= 1_001, `${looks} looks`);
});

interface Timers {
  subscribeDuration(duration: bigint): Pollable;
  subscribeInstant(when: bigint): Pollable;
}

/** The interfaces of an instance that see a simulated clock. */
function interfacesOf(clock: SimulatedClock) {
  const stdin = async () => {
    for (let turn = 0; turn < 5; turn++) await undefined;
    return undefined;
  };
  const host = createHost(guestContext({ clock, stdin }));
  const imports = host.imports([
    ...["wasi:io/poll", "wasi:clocks/monotonic-clock", "wasi:cli/stdin"],
  ]);
  const call = (name: string, key: string, ...args: readonly unknown[]): unknown =>
    imports[name]?.[key]?.(...args);
  const timers: Timers = {
    subscribeDuration: (duration) => pollableOf(call(CLOCK, "subscribeDuration", duration)),
    subscribeInstant: (when) => pollableOf(call(CLOCK, "subscribeInstant", when)),
  };
  const poll = async (...pollables: readonly Pollable[]): Promise<readonly number[]> => {
    const ready = await call("wasi:io/poll", "poll", pollables);
    assert.ok(ready instanceof Uint32Array);
    return [...ready];
  };
  const endOfStdin = (): Pollable => {
    const stream = call("wasi:cli/stdin", "getStdin");
    assert.ok(typeof stream === "object" && stream !== null && "subscribe" in stream);
    assert.ok(typeof stream.subscribe === "function");
    return pollableOf(stream.subscribe());
  };
  return { ...timers, poll, endOfStdin, [Symbol.dispose]: () => host[Symbol.dispose]() };
}

const CLOCK = "wasi:clocks/monotonic-clock";

function pollableOf(value: unknown): Pollable {
  assert.ok(value instanceof Pollable);
  return value;
}

Deno.test("poll() in simulated time ends with the earliest timer, however far the others are", async () => {
  const { clock } = clockFor();
  using host = interfacesOf(clock);
  const hour = host.subscribeDuration(3_600n * SECOND);
  const [late, early] = [host.subscribeDuration(95n * SECOND), host.subscribeInstant(70n * SECOND)];
  assert.deepEqual(await host.poll(hour, late, early), [2]);
  assert.equal(Math.round(clock.elapsed), 65_000);
  assert.deepEqual(await host.poll(hour, late), [1]);
  assert.equal(Math.round(clock.elapsed), 95_000);
  await hour.block();
  assert.equal(Math.round(clock.elapsed), 3_600_000);
});

Deno.test("poll() in simulated time takes no time for what is ready, or comes without waiting", async () => {
  const { clock } = clockFor();
  using host = interfacesOf(clock);
  const timer = host.subscribeDuration(10n * SECOND);
  assert.deepEqual(await host.poll(timer, new Pollable()), [1]);
  assert.deepEqual(await host.poll(timer, host.endOfStdin()), [1]);
  assert.equal(Math.floor(clock.elapsed), 0);
  await timer.block();
  assert.equal(Math.round(clock.elapsed), 10_000);
});
