import assert from "node:assert/strict";
import { capGrowth, MOST_TABLE_ELEMENTS } from "../../../src/compile/instrument/cap_growth.ts";
import { measureInitial } from "../../../src/compile/instrument/measure_initial.ts";
import { WasmFormatError } from "../../../src/compile/instrument/wasm_reader.ts";
import { wat } from "./wat.ts";

const PAGE = 65_536;

/** Grows by one until it fails. */
const MEMORY_RUN = (address: string) =>
  `(func (export "run") (result i32)
    (loop $l (br_if $l (${address}.ne (memory.grow (${address}.const 1)) (${address}.const -1))))
    ${address === "i64" ? "(i32.wrap_i64 (memory.size))" : "(memory.size)"})`;

const MEMORIES: readonly (readonly [what: string, text: string, pages: number])[] = [
  ["no maximum", "(memory 1)", 5],
  ["a higher maximum", "(memory 1 100)", 5],
  ["a lower maximum", "(memory 1 3)", 3],
  ["a larger start", "(memory 9)", 9],
  ["a larger start and a higher maximum", "(memory 9 12)", 9],
  ["a shared memory", "(memory 1 200 shared)", 5],
];

function run(module: Uint8Array<ArrayBuffer>): unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  assert.ok(typeof exports.run === "function");
  return exports.run();
}

for (const [what, text, pages] of MEMORIES) {
  Deno.test(`capGrowth() lets a memory grow no further: ${what}`, async () => {
    const module = await wat(`(module ${text} ${MEMORY_RUN("i32")})`);
    assert.equal(run(capGrowth(module, { memory: 5 * PAGE + PAGE - 1 })), pages);
    const long = await wat(`(module ${text.replace("memory", "memory i64")} ${MEMORY_RUN("i64")})`);
    assert.equal(run(capGrowth(long, { memory: 5 * PAGE })), pages);
  });
}

Deno.test("capGrowth() caps each of several memories, and leaves an imported one", async () => {
  const module = capGrowth(
    await wat(`(module
      (memory (export "imported") (import "a" "m") 1 100)
      (memory (export "one") 1) (memory (export "two") 2 50))`),
    { memory: 3 * PAGE },
  );
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), {
    a: { m: new WebAssembly.Memory({ initial: 1, maximum: 100 }) },
  });
  const mostOf = (memory: WebAssembly.ExportValue | undefined) => {
    assert.ok(memory instanceof WebAssembly.Memory);
    assert.throws(() => memory.grow(98), RangeError);
    memory.grow(1);
    return memory.buffer.byteLength / PAGE;
  };
  assert.equal(mostOf(exports.one), 2);
  assert.equal(mostOf(exports.two), 3);
  const { imported } = exports;
  assert.ok(imported instanceof WebAssembly.Memory);
  imported.grow(98);
});

const TABLES: readonly (readonly [what: string, text: string, elements: number])[] = [
  ["no maximum", "(table $t 1 externref)", MOST_TABLE_ELEMENTS],
  ["a higher maximum", "(table $t 1 2000000 externref)", MOST_TABLE_ELEMENTS],
  ["a lower maximum", "(table $t 1 1500 externref)", 1_500],
  ["a larger start", "(table $t 1000007 externref)", 1_000_007],
  [
    "an initial value",
    "(table $t 5 (ref extern) (global.get $g))",
    MOST_TABLE_ELEMENTS,
  ],
];

for (const [what, text, elements] of TABLES) {
  Deno.test(`capGrowth() lets a table grow no further: ${what}`, async () => {
    const module = await wat(`(module
      (global $g (import "a" "g") (ref extern)) ${text}
      (func (export "run") (result i32)
        (drop (table.grow $t (global.get $g) (i32.sub (i32.const ${elements}) (table.size $t))))
        (drop (table.grow $t (global.get $g) (i32.const 1)))
        (table.size $t)))`);
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(capGrowth(module, { memory: 0 })),
      { a: { g: {} as never } },
    );
    assert.ok(typeof exports.run === "function");
    assert.equal(exports.run(), elements);
  });
}

Deno.test("capGrowth() leaves what has no memory and no table, and refuses what is no module", async () => {
  const module = await wat(`(module (func (export "f")))`);
  assert.deepEqual(capGrowth(module, { memory: 0 }), module);
  for (const bytes of [[], [0, 0x61, 0x73, 0x6d, 13, 0, 1, 0], [...module, 5, 100]]) {
    assert.throws(() => capGrowth(Uint8Array.from(bytes), { memory: 0 }), WasmFormatError);
  }
});

Deno.test("measureInitial() sums up what a module defines, and nothing that it imports", async () => {
  const module = await wat(`(module
    (memory (import "a" "m") 100) (table (import "a" "t") 100 funcref)
    (memory 2) (memory i64 3 5) (table 10 funcref) (table i64 20 30 externref)
    (table 5 (ref func) (ref.func $f)) (func $f))`);
  assert.deepEqual(measureInitial(module), { memory: 5 * PAGE, tableElements: 35 });
  assert.deepEqual(measureInitial(await wat("(module)")), { memory: 0, tableElements: 0 });
});

Deno.test("measureInitial() allocates nothing for a count that is too large", () => {
  const counts = [0xff, 0xff, 0xff, 0xff, 0x0f];
  for (const section of [1, 2, 3, 4, 5, 6, 7]) {
    const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, section, 5, ...counts);
    assert.throws(() => measureInitial(bytes), WasmFormatError);
  }
});
