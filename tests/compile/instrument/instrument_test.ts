import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { capGrowth, MOST_TABLE_ELEMENTS } from "../../../src/compile/instrument/cap_growth.ts";
import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { measureInitial } from "../../../src/compile/instrument/measure_initial.ts";
import { WasmFormatError } from "../../../src/compile/instrument/wasm_reader.ts";
import { Hooks } from "../../../src/guest/hooks.ts";
import { coreModulesOf } from "./core_modules.ts";
import { wat } from "./wat.ts";

const MEBIBYTE = 1_048_576;

/** Instantiates a module that is to take as long as it likes. */
function instantiate(bytes: Uint8Array<ArrayBuffer>, memoryLimit = 2 ** 32) {
  const { memory } = measureInitial(bytes);
  const hooks = new Hooks({ isOver: () => false, initialMemory: memory, memoryLimit });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(instrument(bytes).bytes));
  hooks.arm(instance);
  return { instance, hooks };
}

function call(instance: WebAssembly.Instance, name: string, ...args: readonly unknown[]): unknown {
  const exported = instance.exports[name];
  assert.ok(typeof exported === "function");
  return exported(...args);
}

const VALID: Readonly<Record<string, string>> = {
  "nothing at all": "",
  "imports alone":
    `(import "a" "f" (func)) (import "a" "m" (memory 1)) (import "a" "t" (table 1 funcref))`,
  "a start function that is imported": `(import "a" "f" (func)) (start 0)`,
  "a function and nothing else": "(func)",
  "imported globals and tables": `
    (import "a" "g" (global i32)) (import "a" "t" (table 1 funcref))
    (global (mut i64) (i64.const 5)) (table 3 funcref)
    (func (export "f") (loop (br_if 0 (global.get 0))))`,
  "types in a recursion group": `
    (rec (type $a (struct (field (ref null $b)))) (type $b (array (mut (ref null $a)))))
    (type $f (func (param (ref null $a)) (result (ref null $b))))
    (func (type $f) (loop (br_if 0 (i32.const 0))) (struct.get $a 0 (local.get 0)))`,
  "subtypes":
    `(type $a (sub (struct (field i32)))) (type $b (sub $a (struct (field i32) (field i8))))
    (func (param (ref $b)) (result i32) (struct.get $a 0 (local.get 0)))`,
  "locals that cannot be null": `(type $s (struct))
    (func (local (ref $s)) (local.set 0 (struct.new $s)) (loop (drop (local.get 0))))`,
  "a table with an initializer": `(table 2 (ref null func) (ref.null func)) (func (loop))`,
  "multi-value blocks": `(func (result i32 i64)
    (block (result i32 i64) (i32.const 1) (i64.const 2)
      (loop (param i32 i64) (result i32 i64))))`,
  "vectors": `(memory 1) (func (result v128) (loop (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
      (v128.load offset=16 (i32.const 0)) (v128.const i32x4 1 2 3 4))))`,
  "relaxed vectors": `(func (param v128 v128 v128) (result v128)
    (loop (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))`,
  "lanes in memory": `(memory 1) (func (param v128)
    (v128.store8_lane offset=3 5 (i32.const 0) (local.get 0)) (loop))`,
  "atomics": `(memory 1 1 shared) (func (loop (atomic.fence)
    (drop (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 1) (i32.const 2)))))`,
  "references": `(func $f (loop (drop (ref.func $f)) (drop (ref.is_null (ref.null func))))
    (drop (select (result funcref) (ref.func $f) (ref.null func) (i32.const 1))))
    (elem declare func $f)`,
  "casts": `(type $s (struct)) (func (param anyref) (loop
    (block $b (result (ref null $s)) (br_on_cast $b anyref (ref null $s) (local.get 0))
      (drop) (ref.null $s)) (drop)))`,
  "exceptions": `(tag $e (param i32)) (func (block $h (result i32)
    (try_table (catch $e $h) (throw $e (i32.const 1))) (i32.const 0)) (drop) (loop))`,
  "numbers of all kinds": `(func (loop (drop (i64.const -9223372036854775808))
    (drop (f32.const nan)) (drop (f64.const -0x1p-1074)) (drop (i32.const -2147483648))
    (drop (i32.trunc_sat_f64_u (f64.const 1e300))) (drop (i64.extend8_s (i64.const 255)))))`,
  "code that is never reached": `(memory 1) (func (loop (br 0)
    (memory.fill) (drop (memory.grow)) (memory.copy) (loop (br 0))))`,
  "memory and tables of 64 bits": `(memory i64 1 10) (table i64 1 10 funcref)
    (func (drop (memory.grow (i64.const 1))) (drop (table.grow (ref.null func) (i64.const 1)))
      (memory.copy (i64.const 0) (i64.const 1) (i64.const 2))
      (table.copy (i64.const 0) (i64.const 0) (i64.const 1)))`,
  "copies between memories": `(memory 1) (memory i64 1) (func
    (memory.copy 0 1 (i32.const 0) (i64.const 1) (i32.const 2))
    (memory.copy 1 0 (i64.const 0) (i32.const 1) (i32.const 2)))`,
};

for (const [what, text] of Object.entries(VALID)) {
  Deno.test(`instrument() leaves a module valid that has ${what}`, async () => {
    const module = await wat(`(module ${text})`);
    assert.ok(WebAssembly.validate(module), "the test's own module");
    const { bytes, skipped } = instrument(module);
    assert.equal(skipped, undefined);
    new WebAssembly.Module(bytes);
    new WebAssembly.Module(capGrowth(bytes, { memory: 16 * MEBIBYTE }));
  });
}

Deno.test("instrument() leaves every core module valid that a real toolchain made", async () => {
  const transpile = fileURLToPath(import.meta.resolve("@bytecodealliance/jco-transpile"));
  const modules = await coreModulesOf(join(dirname(transpile), ".."));
  assert.ok(modules.length >= 4, `only ${modules.length} modules`);
  for (const { name, bytes } of modules) {
    const { bytes: instrumented, skipped } = instrument(bytes);
    assert.equal(skipped, undefined, name);
    assert.ok(WebAssembly.validate(instrumented), name);
    assert.ok(WebAssembly.validate(capGrowth(instrumented, { memory: 2 ** 28 })), name);
  }
});

Deno.test("instrument() keeps names and exports, and adds none but its own", async () => {
  const module = await wat(`(module $m (func $named (export "f") (loop)) (start $named))`);
  const instrumented = new WebAssembly.Module(instrument(module).bytes);
  const names = WebAssembly.Module.exports(instrumented).map(({ name }) => name);
  assert.deepEqual(names, ["f", "gyre:fuel", "gyre:hooks", "gyre:start"]);
  assert.equal(WebAssembly.Module.customSections(instrumented, "name").length, 1);
});

Deno.test("instrument() leaves a module as it is, and says why, where it cannot rewrite it", async () => {
  const reserved = await wat(`(module (func (export "gyre:hooks")))`);
  assert.deepEqual(instrument(reserved), {
    bytes: reserved,
    skipped: 'It exports "gyre:hooks" itself',
  });
});

Deno.test("instrument() refuses what is no core module", () => {
  for (const bytes of [[], [0, 0x61, 0x73, 0x6d], [0, 0x61, 0x73, 0x6d, 13, 0, 1, 0]]) {
    assert.throws(() => instrument(Uint8Array.from(bytes)), WasmFormatError);
  }
});

/** Does the same bulk operations with and without instruments, and compares the memories. */
Deno.test("instrumented bulk operations move the same bytes", async () => {
  const module = await wat(`(module (memory (export "memory") 512)
    (func (export "fill") (param i32 i32 i32)
      (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i32 i32 i32)
      (memory.copy (local.get 0) (local.get 1) (local.get 2))))`);
  const plain = new WebAssembly.Instance(new WebAssembly.Module(module));
  const { instance } = instantiate(module);
  const size = 512 * 65_536;
  const chunk = 4 * MEBIBYTE;
  const operations: readonly (readonly ["fill" | "copy", number, number, number])[] = [
    ["fill", 0, 1, size],
    ["fill", 7, 2, chunk],
    ["fill", 9, 3, chunk + 1],
    ["fill", size - 3, 4, 3],
    ["fill", size, 4, 0],
    ["fill", 100, 5, 0],
    ["copy", 5, 0, 3 * chunk + 17],
    ["copy", 0, 5, 3 * chunk + 17],
    ["copy", chunk, 0, size - chunk],
    ["copy", 0, chunk, size - chunk],
    ["copy", 10, 11, 2 * chunk],
    ["copy", 11, 10, 2 * chunk],
    ["copy", 12, 12, 2 * chunk],
    ["copy", size, size, 0],
  ];
  const digest = ({ exports }: WebAssembly.Instance) => {
    assert.ok(exports.memory instanceof WebAssembly.Memory);
    return createHash("sha256").update(new Uint8Array(exports.memory.buffer)).digest("hex");
  };
  for (const [name, ...args] of operations) {
    // Something that differs everywhere, so that bytes in a wrong place are seen.
    for (const { exports } of [plain, instance]) {
      assert.ok(exports.memory instanceof WebAssembly.Memory);
      const words = new Uint32Array(exports.memory.buffer, 0, size / 4);
      for (let index = 0; index < words.length; index += 97) words[index] = index * 2_654_435_761;
    }
    call(plain, name, ...args);
    call(instance, name, ...args);
    assert.equal(digest(instance), digest(plain), `${name} ${args}`);
  }
  for (const args of [[size - 1, 0, 2], [0, size - 1, 2], [-1, 0, 1], [0, 0, -1]]) {
    assert.throws(() => call(plain, "copy", ...args), WebAssembly.RuntimeError);
    assert.throws(() => call(instance, "copy", ...args), WebAssembly.RuntimeError);
  }
});

Deno.test("memory grows up to the limit, all memories of an instance together, and no further", async () => {
  const module = await wat(`(module (memory 1) (memory $m i64 1)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow64") (param i64) (result i64) (memory.grow $m (local.get 0))))`);
  const { instance, hooks } = instantiate(module, 10 * 65_536);
  assert.equal(call(instance, "grow", 3), 1);
  assert.equal(call(instance, "grow64", 5n), 1n);
  assert.equal(hooks.wasRefusedMemory, false);
  assert.equal(call(instance, "grow", 1), -1);
  assert.equal(call(instance, "grow64", -1n), -1n);
  assert.equal(hooks.wasRefusedMemory, true);
  assert.equal(call(instance, "grow", 0), 4);
});

Deno.test("capGrowth() holds a module to the limit that was not instrumented", async () => {
  const module = await wat(`(module (memory (export "m") 1) (table (export "t") 1 funcref)
    (table (export "big") 2000000 funcref) (memory 1 3)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow1") (param i32) (result i32) (memory.grow 1 (local.get 0))))`);
  const capped = new WebAssembly.Module(capGrowth(module, { memory: 5 * 65_536 + 1 }));
  const instance = new WebAssembly.Instance(capped);
  assert.equal(call(instance, "grow", 5), -1);
  assert.equal(call(instance, "grow", 4), 1);
  assert.equal(call(instance, "grow1", 3), -1);
  const { t, big } = instance.exports;
  assert.ok(t instanceof WebAssembly.Table && big instanceof WebAssembly.Table);
  assert.throws(() => t.grow(MOST_TABLE_ELEMENTS), RangeError);
  assert.throws(() => big.grow(1), RangeError);
});

Deno.test("measureInitial() counts what a module defines, and not what it imports", async () => {
  const module = await wat(`(module (import "a" "m" (memory 100)) (memory 3) (memory i64 4)
    (table 5 funcref) (table 6 externref))`);
  assert.deepEqual(measureInitial(module), { memory: 7 * 65_536, tableElements: 11 });
});

/** A generator of numbers that is the same in every run (Marsaglia's xorshift32). */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

Deno.test("instrument() neither breaks nor loses a valid module when modules are damaged", async () => {
  const whole = await Promise.all(
    Object.values(VALID).map((text) => wat(`(module ${text})`)),
  );
  const random = numbers(42);
  const next = (below: number) => random.next().value % below;
  let valid = 0;
  for (let count = 0; count < 4_000; count++) {
    const source = whole[next(whole.length)];
    if (source === undefined || source.length < 9) continue;
    let damaged = source.slice();
    for (let hits = 1 + next(3); hits > 0; hits--) {
      damaged[8 + next(damaged.length - 8)] = next(256);
    }
    if (next(5) === 0) damaged = damaged.slice(0, 8 + next(damaged.length - 8));
    const isValid = WebAssembly.validate(damaged);
    try {
      const { bytes, skipped } = instrument(damaged);
      if (isValid) assert.ok(skipped !== undefined || WebAssembly.validate(bytes), damaged.toHex());
    } catch (error) {
      assert.ok(error instanceof WasmFormatError, damaged.toHex());
      assert.ok(!isValid, damaged.toHex());
    }
    if (isValid) valid++;
  }
  assert.ok(valid > 100, `only ${valid} were valid`);
});
