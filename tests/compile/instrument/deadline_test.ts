// Guests that never return. Each ends, and soon after its time is over, whatever shape its work has.

import assert from "node:assert/strict";
import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { Hooks } from "../../../src/guest/hooks.ts";
import { wat } from "./wat.ts";

const TIME = 30;
/** Much more than it takes (see bench/deadline.ts), because tests run side by side. */
const PATIENCE = 1_000;

const ENDLESS: Readonly<Record<string, string>> = {
  "an empty loop": '(func (export "run") (loop (br 0)))',
  "a loop with parameters and results": `
    (func (export "run") (drop (i32.const 1) (loop (param i32) (result i32) (br 0))))`,
  "a loop left and entered by br_table": `
    (func (export "run") (loop $l (block $b (br_table $l $b $l (i32.const 0))) (br $l)))`,
  "a hundred nested loops": `
    (func (export "run") ${"(loop ".repeat(100)} (br 99) ${")".repeat(100)})`,
  "a tail call to itself": `(func $f (export "run") (return_call $f))`,
  "tail calls to each other": `
    (func $f (export "run") (return_call $g)) (func $g (return_call $f))`,
  "a tail call through a table": `
    (type $t (func)) (table 1 funcref) (elem (i32.const 0) $f)
    (func $f (export "run") (return_call_indirect (type $t) (i32.const 0)))`,
  "a recursion that branches": `
    (func $f (param i32) (if (local.get 0) (then
      (call $f (i32.sub (local.get 0) (i32.const 1)))
      (call $f (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "run") (call $f (i32.const 100)))`,
  "a recursion that branches through a table": `
    (type $t (func (param i32))) (table 1 funcref) (elem (i32.const 0) $f)
    (func $f (type $t) (if (local.get 0) (then
      (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
      (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))
    (func (export "run") (call $f (i32.const 100)))`,
  "a loop that catches everything": `
    (tag $e) (func $throw (throw $e))
    (func $inner (loop (br 0)))
    (func (export "run") (loop $l
      (block $caught (try_table (catch_all $caught) (call $inner)))
      (br $l)))`,
  "a recursion that catches everything": `
    (func $f (param i32)
      (block $caught (try_table (catch_all $caught) (loop (br 0))))
      (call $f (local.get 0)) (call $f (local.get 0)))
    (func (export "run") (call $f (i32.const 0)))`,
  "a loop of memory.fill": `(memory 4096)
    (func (export "run") (loop
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 268435456)) (br 0)))`,
  "a loop of memory.copy, ahead": `(memory 4096)
    (func (export "run") (loop
      (memory.copy (i32.const 0) (i32.const 65536) (i32.const 268369920)) (br 0)))`,
  "a loop of memory.copy, back": `(memory 4096)
    (func (export "run") (loop
      (memory.copy (i32.const 65536) (i32.const 0) (i32.const 268369920)) (br 0)))`,
  "a loop of memory.init": `(memory 16) (data $d "${"x".repeat(50_000)}")
    (func (export "run") (loop
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 50000)) (br 0)))`,
  "a loop of table.fill": `(table 1000000 funcref)
    (func (export "run") (loop
      (table.fill (i32.const 0) (ref.null func) (i32.const 1000000)) (br 0)))`,
  "a loop of table.copy": `(table 1000000 funcref)
    (func (export "run") (loop
      (table.copy (i32.const 0) (i32.const 1) (i32.const 999999)) (br 0)))`,
  "a loop of new arrays": `(type $a (array (mut i32)))
    (func (export "run") (loop
      (drop (array.new $a (i32.const 1) (i32.const 100000))) (br 0)))`,
  "a loop of array.fill": `(type $a (array (mut i32)))
    (func (export "run") (local $x (ref null $a))
      (local.set $x (array.new $a (i32.const 1) (i32.const 1000000)))
      (loop (array.fill $a (local.get $x) (i32.const 0) (i32.const 2) (i32.const 1000000)) (br 0)))`,
  "memory that grows for ever": `(memory 1)
    (func (export "run") (loop (drop (memory.grow (i32.const 1))) (br 0)))`,
  "a loop of host calls": `(import "h" "slow" (func $slow))
    (func (export "run") (loop (call $slow) (br 0)))`,
  "a loop in 64-bit memory": `(memory i64 16)
    (func (export "run") (loop
      (memory.fill (i64.const 0) (i32.const 1) (i64.const 1000000)) (br 0)))`,
  "a loop in the second memory": `(memory 1) (memory $m 256)
    (func (export "run") (loop
      (memory.fill $m (i32.const 0) (i32.const 1) (i32.const 1000000)) (br 0)))`,
  "a long stretch of code without a loop, called for ever": `
    (func $long (param f64) (result f64) (local.get 0)
      ${"(f64.sqrt) (f64.add (f64.const 1))".repeat(3_000)})
    (func (export "run") (loop (drop (call $long (f64.const 2))) (br 0)))`,
};

/** Work of the host that takes 20 µs. */
function slow(): void {
  const start = performance.now();
  while (performance.now() - start < 0.02);
}

function instantiate(module: Uint8Array<ArrayBuffer>, time: number, memoryLimit = 2 ** 29) {
  const { bytes, skipped } = instrument(module);
  assert.equal(skipped, undefined);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { h: { slow } });
  const due = performance.now() + time;
  const isOver = () => performance.now() >= due;
  const hooks = new Hooks({ isOver, initialMemory: 0, memoryLimit });
  return { instance, hooks };
}

for (const [what, text] of Object.entries(ENDLESS)) {
  Deno.test(`an instrumented guest ends soon after its time is over: ${what}`, async () => {
    const { instance, hooks } = instantiate(await wat(`(module ${text})`), TIME);
    hooks.arm(instance);
    const { run } = instance.exports;
    assert.ok(typeof run === "function");
    const start = performance.now();
    assert.throws(() => run(), WebAssembly.RuntimeError);
    const time = performance.now() - start;
    assert.ok(time < TIME + PATIENCE, `${time} ms`);
  });
}

Deno.test("an instrumented guest ends soon after its time is over: a start function", async () => {
  const module = await wat("(module (func $f (loop (br 0))) (start $f))");
  const { instance, hooks } = instantiate(module, TIME);
  const start = performance.now();
  assert.throws(() => hooks.arm(instance), WebAssembly.RuntimeError);
  assert.ok(performance.now() - start < TIME + PATIENCE);
});

Deno.test("a guest that ran over its time traps at once when it is called again", async () => {
  const module = await wat(`(module (func (export "run") (loop (br 0))))`);
  const { instance, hooks } = instantiate(module, 1);
  hooks.arm(instance);
  const { run } = instance.exports;
  assert.ok(typeof run === "function");
  assert.throws(() => run(), WebAssembly.RuntimeError);
  const start = performance.now();
  assert.throws(() => run(), WebAssembly.RuntimeError);
  assert.ok(performance.now() - start < 100);
});

Deno.test("a guest that is deep in recursion runs out of stack, as it does without instruments", async () => {
  const module = await wat(`(module (func $f (export "run") (call $f)))`);
  const { instance, hooks } = instantiate(module, 60_000);
  hooks.arm(instance);
  const { run } = instance.exports;
  assert.ok(typeof run === "function");
  assert.throws(() => run(), RangeError);
});
