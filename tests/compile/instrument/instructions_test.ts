import assert from "node:assert/strict";
import { Opcode, skipImmediates } from "../../../src/compile/instrument/instructions.ts";
import { WasmFormatError, WasmReader } from "../../../src/compile/instrument/wasm_reader.ts";
import { CLASSES, DECLARATIONS } from "./instructions.ts";
import { arm, instrumented } from "./armed_module.ts";
import { wat } from "./wat.ts";

/** The prefixes of opcodes, and how many opcodes behind each are looked at. */
const PREFIXES: readonly (readonly [prefix: number | undefined, count: number])[] = [
  [undefined, 0x100],
  [Opcode.prefixGc, 0x60],
  [Opcode.prefixMisc, 0x40],
  [Opcode.prefixSimd, 0x180],
  [Opcode.prefixAtomic, 0x80],
];
/** What V8 takes and the rewriter does not: allocation with a descriptor, and waits. */
const REFUSED: readonly string[] = ["fb 20", "fb 21", "fe 1", "fe 2"];

const ENOUGH_IMMEDIATES = new Array<number>(24).fill(0);

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** A module with one function that has an instruction in code that is never reached. */
function moduleWith(instruction: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0, Opcode.unreachable, ...instruction, ...ENOUGH_IMMEDIATES, Opcode.end];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0], // type
    ...[3, 2, 1, 0], // function
    ...[5, 3, 1, 0, 1], // memory
    ...[10, body.length + 2, 1, body.length, ...body], // code
  );
}

function v8Knows(opcode: readonly number[]): boolean {
  try {
    new WebAssembly.Module(moduleWith(opcode));
    return true;
  } catch (error) {
    assert.ok(error instanceof WebAssembly.CompileError);
    return !/invalid (?:\w+ )?opcode|invalid prefix|enable with/i.test(error.message);
  }
}

function rewriterKnows(opcode: readonly number[]): boolean {
  const reader = new WasmReader(Uint8Array.of(...opcode, ...ENOUGH_IMMEDIATES));
  try {
    skipImmediates(reader, reader.byte());
    return true;
  } catch (error) {
    assert.ok(error instanceof WasmFormatError);
    return false;
  }
}

Deno.test("skipImmediates() knows every opcode that V8 knows, but for those it refuses", () => {
  const unknown: string[] = [];
  let known = 0;
  for (const [prefix, count] of PREFIXES) {
    for (let code = 0; code < count; code++) {
      const isPrefix = PREFIXES.some(([other]) => other === code);
      if (prefix === undefined && isPrefix) continue;
      const opcode = prefix === undefined ? [code] : [prefix, ...leb(code)];
      if (!v8Knows(opcode)) continue;
      known++;
      if (!rewriterKnows(opcode)) {
        unknown.push([prefix ?? [], code].flat().map((byte) => byte.toString(16)).join(" "));
      }
    }
  }
  assert.ok(known > 500, `V8 knows only ${known} opcodes: were its error messages changed?`);
  assert.deepEqual(unknown, REFUSED);
});

for (const { name, instructions } of CLASSES) {
  const text = `(module ${DECLARATIONS} (func (export "run")
    ${instructions.map((instruction) => `unreachable ${instruction}`).join("\n")}
    unreachable))`;

  Deno.test(`instrument() keeps a module valid that has ${name}`, async () => {
    new WebAssembly.Module(await wat(text)); // which throws if the test's own module is not valid
    await instrumented(text);
  });
}

Deno.test("instrument() rewrites a module with all instructions to one that runs", async () => {
  const all = CLASSES.flatMap(({ instructions }) => instructions);
  const text = `(module ${DECLARATIONS} (func (export "run")
    ${all.map((instruction) => `unreachable ${instruction}`).join("\n")}
    unreachable))`;
  const { call } = arm(await instrumented(text));
  assert.throws(() => call("run"), WebAssembly.RuntimeError);
});
