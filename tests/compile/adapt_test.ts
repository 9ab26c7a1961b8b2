import assert from "node:assert/strict";
import { componentEmbed, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { adapt } from "../../src/compile/adapt.ts";
import { exportedFunctions } from "../../src/compile/exported_functions.ts";
import { printWorld } from "../../src/compile/jco.ts";
import { Refusal } from "../../src/compile/refusal.ts";
import { parseWorld } from "../../src/compile/world.ts";
import { isCoreModule } from "../../src/loader/component_header.ts";
import { EMPTY_COMPONENT } from "../loader/sample_components.ts";
import { guest } from "../support/guests.ts";
import { jcoReady } from "./jco_ready.ts";

await jcoReady();
// The package of the adapters is loaded on first use, and the sanitizers would see it.
await adapt(await moduleOf('(module (memory (export "memory") 1) (func (export "_start")))'));

async function moduleOf(wat: string): Promise<Uint8Array<ArrayBuffer>> {
  return (await parse(wat)).slice();
}

Deno.test("adapt() leaves a component as it is", async () => {
  assert.equal(await adapt(EMPTY_COMPONENT), EMPTY_COMPONENT);
});

Deno.test("adapt() makes a component that exports wasi:cli/run of a command", async () => {
  const module = await Deno.readFile(await guest("wat-preview-one"));
  assert.ok(isCoreModule(module));
  const component = await adapt(module);
  assert.ok(!isCoreModule(component));
  assert.deepEqual([...exportedFunctions(component)], [["wasi:cli/run@0.2.0", ["run"]]]);
  const { imports } = parseWorld(await printWorld(component));
  assert.ok(imports.some(({ name }) => name === "wasi:filesystem/types@0.2.0"));
});

const WIT = "package a:b;\nworld w { export go: func() -> u32; }";
const TYPED: Readonly<Record<string, string>> = {
  "without imports": '(module (func (export "go") (result i32) i32.const 1))',
  "that imports preview 1": `(module
    (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "go") (result i32) (call 0 (i32.const 9))))`,
};

for (const [what, wat] of Object.entries(TYPED)) {
  Deno.test(`adapt() makes a component of a module with component types ${what}`, async () => {
    const binary = await componentEmbed({ binary: await parse(wat), witSource: WIT });
    const { exports } = parseWorld(await printWorld(await adapt(binary.slice())));
    assert.deepEqual(exports.map(({ name }) => name), ["go"]);
  });
}

const REFUSED: readonly (readonly [what: string, wat: string, code: string, text: RegExp])[] = [
  ["nothing in it", "(module)", "ERR_CORE_MODULE", /neither _start nor component types/],
  [
    "imports of other modules",
    `(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
      (import "env" "a" (func)) (import "env" "b" (func)) (import "js" "c" (func))
      (func (export "_start")))`,
    "ERR_CORE_MODULE",
    /imports from "env", "js";/,
  ],
  [
    "imports of an older preview",
    '(module (import "wasi_unstable" "proc_exit" (func (param i32))) (func (export "_start")))',
    "ERR_CORE_MODULE",
    /"wasi_unstable"/,
  ],
];

for (const [what, wat, code, text] of REFUSED) {
  Deno.test(`adapt() refuses a module with ${what}`, async () => {
    await assert.rejects(adapt(await moduleOf(wat)), (error) => {
      assert.ok(error instanceof Refusal);
      assert.equal(error.code, code);
      assert.match(error.message, text);
      assert.ok(error.hint);
      return true;
    });
  });
}

Deno.test("adapt() refuses bytes that only begin like a module", async () => {
  const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99, 99);
  await assert.rejects(adapt(bytes), { code: "ERR_COMPILE" });
});
