import assert from "node:assert/strict";
import { Hooks } from "../../src/guest/hooks.ts";
import { arm, instrumented } from "../compile/instrument/armed_module.ts";

const PAGE = 65_536;

/** Counts down from what it is given. */
const COUNTDOWN = `(module (func (export "run") (param i32)
  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;

const GROW = (address: string) =>
  `(module (memory (export "m") ${address} 1 20)
    (func (export "grow") (param ${address}) (result ${address})
      (memory.grow (local.get 0)))
    (func (export "size") (result ${address}) (memory.size)))`;

Deno.test("Hooks let a memory grow up to the limit", async () => {
  const { call, hooks } = arm(await instrumented(GROW("i32")), { memoryLimit: 5 * PAGE });
  assert.equal(call("grow", 0), 1);
  assert.equal(call("grow", 3), 1);
  assert.equal(call("grow", 2), 4);
  assert.equal(hooks.wasRefusedMemory, false);
  assert.equal(call("grow", 1), -1);
  assert.equal(hooks.wasRefusedMemory, true);
  assert.equal(call("grow", -1), -1);
  assert.equal(call("grow", 0), 6);
  assert.equal(call("size"), 6);
});

Deno.test("Hooks let a memory of 64-bit addresses grow up to the limit", async () => {
  const { call } = arm(await instrumented(GROW("i64")), { memoryLimit: 3 * PAGE });
  for (const pages of [-1n, -3n, 2n ** 32n, 2n ** 62n, 4n]) assert.equal(call("grow", pages), -1n);
  assert.equal(call("grow", 3n), 1n);
  assert.equal(call("grow", 1n), -1n);
  assert.equal(call("size"), 4n);
});

Deno.test("Hooks do not count a growth that failed", async () => {
  const { call, hooks } = arm(await instrumented(GROW("i32")), { memoryLimit: 30 * PAGE });
  for (let left = 10; left > 0; left--) assert.equal(call("grow", 20), -1);
  assert.equal(call("grow", 19), 1);
  assert.equal(hooks.wasRefusedMemory, false);
});

Deno.test("Hooks count all memories of an instance together, and what they begin with", async () => {
  const text = `(module (memory 1) (memory i64 1)
    (func (export "one") (param i32) (result i32) (memory.grow 0 (local.get 0)))
    (func (export "two") (param i64) (result i64) (memory.grow 1 (local.get 0))))`;
  const hooks = new Hooks({
    isOver: () => false,
    initialMemory: 4 * PAGE,
    memoryLimit: 10 * PAGE,
  });
  const module = new WebAssembly.Module(await instrumented(text));
  const [a, b] = [new WebAssembly.Instance(module), new WebAssembly.Instance(module)];
  for (const instance of [a, b]) hooks.arm(instance);
  const grow = (instance: WebAssembly.Instance, name: string, pages: unknown) => {
    const exported = instance.exports[name];
    assert.ok(typeof exported === "function");
    return exported(pages);
  };
  assert.equal(grow(a, "one", 3), 1);
  assert.equal(grow(b, "one", 3), 1);
  assert.equal(grow(a, "two", 1n), -1n);
  assert.equal(hooks.wasRefusedMemory, true);
});

Deno.test("Hooks measure the same for the same work, and more for more", async () => {
  const bytes = await instrumented(COUNTDOWN);
  const fuelFor = (passes: number) => {
    const { call, hooks } = arm(bytes);
    assert.equal(hooks.fuelSpent, 0);
    call("run", passes);
    return hooks.fuelSpent;
  };
  const [few, many] = [fuelFor(100_000), fuelFor(10_000_000)];
  assert.equal(fuelFor(100_000), few);
  assert.ok(few >= 100_000 - 32 && few < 110_000, `${few}`);
  assert.ok(many >= 10_000_000 - 32 && many < 10_010_000, `${many}`);
});

Deno.test("hurry() has the time looked at with the next work, and does not count as spent", async () => {
  const bytes = await instrumented(COUNTDOWN);
  let looks = 0;
  const hooks = new Hooks({
    isOver: () => ++looks < 0,
    initialMemory: 0,
    memoryLimit: 0,
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  hooks.arm(instance);
  const { run } = instance.exports;
  assert.ok(typeof run === "function");
  run(100);
  run(100);
  assert.equal(looks, 1);
  const spent = hooks.fuelSpent;
  hooks.hurry();
  assert.equal(hooks.fuelSpent, spent);
  run(100);
  assert.equal(looks, 2);
});

/** How long a loop of so many passes takes by the estimate, in ms, after a guest has computed. */
async function estimateAfter(
  disturb: (run: (passes: number) => void, hooks: Hooks) => Promise<void>,
): Promise<number> {
  const { call, hooks } = arm(await instrumented(COUNTDOWN));
  const run = (passes: number) => void call("run", passes);
  for (let left = 30; left > 0; left--) run(20_000_000);
  await disturb(run, hooks);
  return hooks.cpuTimeOf(100_000_000);
}

Deno.test("Hooks estimate the time that a computation takes", async () => {
  let real = 0;
  const estimate = await estimateAfter((run) => {
    const begin = performance.now();
    run(100_000_000);
    real = performance.now() - begin;
    return Promise.resolve();
  });
  // What else runs on the machine may have the processor meanwhile, and counts as real time only.
  assert.ok(estimate > real / 4 && estimate < real * 2, `${estimate} ms by estimate, ${real} ms`);
});

Deno.test("the time that fuel takes does not change with how often a guest writes, or waits", async () => {
  const quiet = await estimateAfter(() => Promise.resolve());
  const writing = await estimateAfter((run, hooks) => {
    for (let left = 20_000; left > 0; left--) {
      run(100);
      hooks.hurry();
    }
    return Promise.resolve();
  });
  assert.ok(
    writing > quiet / 3 && writing < quiet * 3,
    `${writing} ms after writing, not ${quiet}`,
  );
  const waiting = await estimateAfter(async (run) => {
    for (let left = 1_000; left > 0; left--) {
      run(60_000);
      await undefined;
      const begin = performance.now();
      while (performance.now() < begin + 1);
    }
  });
  assert.ok(waiting > quiet / 3 && waiting < quiet * 3, `${waiting} ms after waits, not ${quiet}`);
});

Deno.test("Hooks look at the time about every millisecond", async () => {
  const bytes = await instrumented(`(module (func (export "run") (loop $l (br $l))))`);
  const times: number[] = [];
  const hooks = new Hooks({
    isOver: () => times.push(performance.now()) === 200,
    initialMemory: 0,
    memoryLimit: 0,
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  hooks.arm(instance);
  const { run } = instance.exports;
  assert.ok(typeof run === "function");
  assert.throws(() => run(), WebAssembly.RuntimeError);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const median = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? Infinity;
  assert.ok(median < 2, `every ${median} ms`);
});

Deno.test("Once its time is over, an instance can do nothing any more", async () => {
  const { call } = arm(
    await instrumented(`(module
      (global $n (mut i32) (i32.const 0))
      (func $f)
      (func (export "count") (param i32)
        (loop $l
          (global.set $n (i32.add (global.get $n) (i32.const 1)))
          (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`),
    { deadline: 0 },
  );
  for (let left = 3; left > 0; left--) {
    assert.throws(() => call("count", 1_000), WebAssembly.RuntimeError);
  }
});

Deno.test("Hooks leave an instance alone that was not rewritten", () => {
  const hooks = new Hooks({ isOver: () => true, initialMemory: 0, memoryLimit: 0 });
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  hooks.arm(new WebAssembly.Instance(new WebAssembly.Module(empty)));
  assert.equal(hooks.fuelSpent, 0);
});
