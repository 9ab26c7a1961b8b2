import assert from "node:assert/strict";
import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { RESERVED_EXPORTS } from "../../../src/compile/instrument/reserved_exports.ts";
import { WasmFormatError } from "../../../src/compile/instrument/wasm_reader.ts";
import { arm, instrumented } from "./armed_module.ts";
import { wat } from "./wat.ts";

const WITHOUT_CODE: readonly (readonly [what: string, text: string])[] = [
  ["an empty module", "(module)"],
  ["a module that only imports", `(module (import "a" "f" (func)) (memory (import "a" "m") 1))`],
  [
    "exports of what is imported",
    `(module (func (export "f") (import "a" "f")) (memory (export "m") 1))`,
  ],
  ["an imported start function", `(module (import "a" "f" (func $f)) (start $f))`],
];

for (const [what, text] of WITHOUT_CODE) {
  Deno.test(`instrument() leaves ${what}`, async () => {
    const module = await wat(text);
    assert.deepEqual(instrument(module), { bytes: module });
  });
}

const REFUSED: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
  [
    "an export of a reserved name",
    `(module (func (export "${RESERVED_EXPORTS.start}")))`,
    /^It exports "gyre:start" itself$/,
  ],
  [
    "a wait for another thread",
    `(module (memory 1 1 shared) (func (export "run")
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))`,
    /^It may wait for another thread$/,
  ],
];

for (const [what, text, reason] of REFUSED) {
  Deno.test(`instrument() leaves a module with ${what}, and says why`, async () => {
    const module = await wat(text);
    const { bytes, skipped } = instrument(module);
    assert.deepEqual(bytes, module);
    assert.match(skipped ?? "", reason);
  });
}

/** What could take hold of what is added, if it were not refused: that has the next index. */
const INVALID: readonly (readonly [what: string, text: string])[] = [
  ["a global", "(func (global.set 1 (i32.const 2147483647)))"],
  ["an export of a global", `(export "fuel" (global 1))`],
  ["a table", "(func (table.set 1 (i32.const 0) (ref.null func)))"],
  ["an export of a table", `(export "hooks" (table 1))`],
  ["a function", "(func (drop (call 3 (i32.const 0))))"],
  ["an element", "(elem declare func 5)"],
  ["a type", "(func (type 4))"],
  ["a local", "(func (loop (local.set 0 (i32.const 1)) (br 0)))"],
];

for (const [what, text] of INVALID) {
  Deno.test(`instrument() refuses a module that names ${what} that it has not`, async () => {
    const module = await wat(`(module
      (global (mut i32) (i32.const 0)) (table 1 funcref) (func $f (loop (call $f))) ${text})`);
    assert.throws(() => instrument(module), WasmFormatError);
  });
}

const KINDS: readonly (readonly [what: string, text: string])[] = [
  ["no memory, table, global or export", `(module (func (loop)) (start 0))`],
  [
    "imports of every kind",
    `(module
      (import "a" "f" (func $i (param i32))) (import "a" "t" (table 1 funcref))
      (import "a" "m" (memory 1)) (import "a" "g" (global $g (mut i32)))
      (import "a" "e" (tag (param i32)))
      (func (export "run") (loop (call $i (global.get $g)))))`,
  ],
  [
    "recursion groups and subtypes",
    `(module
      (rec (type $a (sub (func (param (ref null $b)) (result i32))))
        (type $b (struct (field (ref null $a)))))
      (type $c (sub final $a (func (param (ref null $b)) (result i32))))
      (func (export "run") (type $c) (loop $l (result i32) (i32.const 1))))`,
  ],
  [
    "several memories and tables of both kinds",
    `(module (memory 1) (memory i64 1) (table 1 funcref) (table i64 1 externref)
      (func (export "run")
        (drop (memory.grow 0 (i32.const 1))) (drop (memory.grow 1 (i64.const 1)))
        (drop (table.grow 0 (ref.null func) (i32.const 1)))
        (drop (table.grow 1 (ref.null extern) (i64.const 1)))))`,
  ],
  [
    "many groups of locals",
    `(module (func (export "run") (param i64) (local ${"i32 f64 ".repeat(2_000)}) (loop)))`,
  ],
  [
    "as many functions as make long indexes",
    `(module ${"(func (loop (br_if 0 (i32.const 0))))".repeat(20_000)}
      (func (export "run") (loop (call 19999))))`,
  ],
  [
    "a passive data segment and a data count",
    `(module (memory 1) (data $d "text") (func (export "run")
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop $d)))`,
  ],
];

for (const [what, text] of KINDS) {
  Deno.test(`instrument() rewrites a module with ${what}`, async () => {
    const bytes = await instrumented(text);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
    assert.ok(names.includes(RESERVED_EXPORTS.fuel));
    assert.ok(names.includes(RESERVED_EXPORTS.hooks));
  });
}

Deno.test("instrument() leaves the start function to the host", async () => {
  const text = `(module
    (global $g (export "g") (mut i32) (i32.const 0))
    (func $start (global.set $g (i32.const 7)))
    (func (export "get") (result i32) (global.get $g))
    (start $start))`;
  const bytes = await instrumented(text);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { g } = instance.exports;
  assert.ok(g instanceof WebAssembly.Global);
  assert.equal(g.value, 0);
  assert.equal(arm(bytes).call("get"), 7);
});

Deno.test("A trap in the start function comes out of Hooks.arm()", async () => {
  const bytes = await instrumented("(module (func $f (loop unreachable)) (start $f))");
  assert.throws(() => arm(bytes), WebAssembly.RuntimeError);
});

Deno.test("instrument() keeps names, and drops what would lie about the new code", async () => {
  const custom = (name: string) => {
    const bytes = new TextEncoder().encode(name);
    return [0, bytes.length + 2, bytes.length, ...bytes, 0];
  };
  const module = Uint8Array.of(
    ...await wat(`(module (func $named (export "run") (loop unreachable)))`),
    ...custom("producers"),
    ...custom(".debug_info"),
    ...custom("metadata.code.trace_inst"),
  );
  const { bytes } = instrument(module);
  const compiled = new WebAssembly.Module(bytes);
  const count = (name: string) => WebAssembly.Module.customSections(compiled, name).length;
  assert.deepEqual(
    ["producers", ".debug_info", "metadata.code.trace_inst"].map(count),
    [1, 0, 0],
  );
  assert.throws(() => arm(bytes).call("run"), (error) => {
    assert.ok(error instanceof Error);
    return error.stack?.includes("named") === true;
  });
});

Deno.test("instrument() refuses a module with an opcode that V8 does not know", async () => {
  const module = (await wat("(module (func (nop) (nop)))")).slice();
  module[module.lastIndexOf(0x01)] = 0xe0; // the first opcode of stack switching
  assert.throws(() => instrument(module), WasmFormatError);
});
