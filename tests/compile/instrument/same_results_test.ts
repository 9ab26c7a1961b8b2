import assert from "node:assert/strict";
import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";
import { randomProgram } from "./random_program.ts";
import { arm, type Armed } from "./armed_module.ts";
import { wat } from "./wat.ts";

const PROGRAMS = 150;
const MEBIBYTE = 1_048_576;

/** What a call gives or ends with. */
function outcomeOf({ call }: Armed, name: string, args: readonly unknown[]): unknown {
  try {
    return call(name, ...args);
  } catch (error) {
    // What a guest throws is no Error, but a WebAssembly.Exception, which TypeScript does not know.
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

Deno.test("instrument() does not change what random programs compute", async () => {
  const results = new Set<unknown>();
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const plain = await wat(randomProgram(new SeededRandom(seed)));
    const { bytes, skipped } = instrument(plain);
    assert.equal(skipped, undefined);
    for (const input of [1, 0x5555_5555, -1]) {
      const expected = outcomeOf(arm(plain), "run", [input]);
      assert.equal(outcomeOf(arm(bytes), "run", [input]), expected, `seed ${seed}`);
      results.add(expected);
    }
  }
  assert.ok(results.size > PROGRAMS / 2, `only ${results.size} different results`);
});

/** Fills and copies, each in memories of both kinds, and sums up what is there then. */
function memoryModule(address: "i32" | "i64"): string {
  return `(module
    (memory $m ${address} 200) (memory $n 200)
    (func (export "fill") (param ${address} i32 ${address})
      (memory.fill $m (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param ${address} ${address} ${address})
      (memory.copy $m $m (local.get 0) (local.get 1) (local.get 2)))
    (func (export "across") (param ${address} i32 i32)
      (memory.copy $m $n (local.get 0) (local.get 1) (local.get 2)))
    (func (export "back") (param i32 ${address} i32)
      (memory.copy $n $m (local.get 0) (local.get 1) (local.get 2)))
    (func (export "prepare") (local $i i32)
      (loop $l
        (i64.store $n (local.get $i) (i64.mul (i64.extend_i32_u (local.get $i))
          (i64.const 0x9e3779b97f4a7c15)))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8)))
          (i32.const ${12 * MEBIBYTE})))))
    (func (export "sum") (result i64) (local $i i32) (local $s i64)
      (loop $l
        (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 31))
          (i64.load $m ${
    address === "i64" ? "(i64.extend_i32_u (local.get $i))" : "(local.get $i)"
  })))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8)))
          (i32.const ${12 * MEBIBYTE}))))
      (local.get $s)))`;
}

/** Operations as `[name, to, value or from, length]`; the memories have 12.5 MiB. */
const OPERATIONS: readonly (readonly [name: string, ...numbers: readonly number[]])[] = [
  ["fill", 5, 7, 0],
  ["fill", 5, 7, 100],
  ["fill", 1_000, 8, 1_024],
  ["fill", 3_000, 9, 1_025],
  ["fill", 123, 10, 4 * MEBIBYTE],
  ["fill", 77, 11, 4 * MEBIBYTE + 1],
  ["fill", 0, 12, 12 * MEBIBYTE - 3],
  ["fill", 200 * 65_536 - 9, 13, 9],
  ["across", 3, 5, 12 * MEBIBYTE],
  ["copy", 0, 1, 10 * MEBIBYTE],
  ["copy", 1, 0, 10 * MEBIBYTE],
  ["copy", 5 * MEBIBYTE, 0, 6 * MEBIBYTE + 11],
  ["copy", 0, 3 * MEBIBYTE, 9 * MEBIBYTE + 1],
  ["copy", 9, 9, 9 * MEBIBYTE],
  ["back", 11, 2, 9 * MEBIBYTE + 5],
  ["across", 7, 0, 5 * MEBIBYTE],
  ["copy", 100, 50, 60],
  ["copy", 0, 0, 0],
];
/** The same, beyond the end: they must do nothing but trap. */
const BEYOND: typeof OPERATIONS = [
  ["fill", 0, 1, 13 * MEBIBYTE],
  ["fill", 12 * MEBIBYTE, 1, 5 * MEBIBYTE],
  ["fill", 200 * 65_536, 1, 1],
  ["fill", -1, 1, 5 * MEBIBYTE],
  ["copy", 6 * MEBIBYTE, 0, 10 * MEBIBYTE],
  ["copy", 0, 6 * MEBIBYTE, 10 * MEBIBYTE],
  ["across", 0, -1, 5 * MEBIBYTE],
  ["across", 0, 0, -1],
  ["back", 8 * MEBIBYTE, 0, 5 * MEBIBYTE],
];

for (const address of ["i32", "i64"] as const) {
  Deno.test(`instrument() does not change what memory operations do with ${address} addresses`, async () => {
    const text = memoryModule(address);
    const plain = await wat(text);
    const both = [arm(plain), arm(instrument(plain).bytes)] as const;
    const isWide = (name: string, position: number) =>
      address === "i64" &&
      (name === "copy" || (name === "fill" && position !== 1) ||
        (name === "across" && position === 0) || (name === "back" && position === 1));
    for (const armed of both) armed.call("prepare");
    for (const [name, ...numbers] of [...OPERATIONS, ...BEYOND, ...OPERATIONS]) {
      const args = numbers.map((value, position) => isWide(name, position) ? BigInt(value) : value);
      const [expected, actual] = both.map((armed) => [
        outcomeOf(armed, name, args),
        armed.call("sum"),
      ]);
      assert.deepEqual(actual, expected, `${name} ${numbers}`);
    }
  });
}
