import assert from "node:assert/strict";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { exportedFunctions } from "../../src/compile/exported_functions.ts";
import { guest } from "../support/guests.ts";
import { EMPTY_COMPONENT, EMPTY_CORE_MODULE } from "../loader/sample_components.ts";
import { jcoReady } from "./jco_ready.ts";

await jcoReady();

/** A core function and its component-level form; every component below starts with them. */
const FUNCTION = `
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))`;

interface Case {
  readonly what: string;
  readonly wat: string;
  readonly functions: Readonly<Record<string, readonly string[]>>;
}

const CASES: readonly Case[] = [
  { what: "of a component without any", wat: "(component)", functions: {} },
  {
    what: "made of single functions",
    wat: `(component ${FUNCTION}
      (instance $x (export "one" (func $f)) (export "two-words" (func $f)))
      (export "a:b/c@1.2.3" (instance $x)) (export "plain" (func $f)))`,
    functions: { "a:b/c@1.2.3": ["one", "two-words"] },
  },
  {
    what: "made by a component of its own",
    wat: `(component ${FUNCTION}
      (component $inner
        (import "import-func" (func $g))
        (import "import-type" (type (sub resource)))
        (export "run" (func $g)))
      (type $r (resource (rep i32)))
      (instance $x (instantiate $inner
        (with "import-func" (func $f)) (with "import-type" (type $r))))
      (export "wasi:cli/run@0.2.3" (instance $x)))`,
    functions: { "wasi:cli/run@0.2.3": ["run"] },
  },
  {
    what: "that a composed component passes on",
    wat: `(component
      (component $part ${FUNCTION}
        (instance $x (export "deep" (func $f)))
        (export "a:b/c" (instance $x)))
      (instance $p (instantiate $part))
      (alias export $p "a:b/c" (instance $x))
      (export "a:b/c" (instance $x)))`,
    functions: { "a:b/c": ["deep"] },
  },
  {
    what: "made by a component from outside",
    wat: `(component
      (component $tool ${FUNCTION} (export "used" (func $f)))
      (component $part
        (alias outer 1 0 (component $same))
        (instance $x (instantiate $same))
        (export "a:b/c" (instance $x)))
      (instance $p (instantiate $part))
      (alias export $p "a:b/c" (instance $x))
      (export "a:b/d" (instance $x)))`,
    functions: { "a:b/d": ["used"] },
  },
  {
    what: "exported twice under two names",
    wat: `(component ${FUNCTION}
      (instance $x (export "f" (func $f)))
      (export $y "a:b/c" (instance $x))
      (export "a:b/d" (instance $y)))`,
    functions: { "a:b/c": ["f"], "a:b/d": ["f"] },
  },
  {
    what: "that is an import passed on",
    wat: `(component
      (import "a:b/c" (instance $x (export "f" (func))))
      (type $t u8)
      (import "a-type" (type (eq $t)))
      (export "a:b/d" (instance $x)))`,
    functions: { "a:b/d": [] },
  },
];

for (const { what, wat, functions } of CASES) {
  Deno.test(`exportedFunctions() lists the functions of an interface ${what}`, async () => {
    assert.deepEqual(Object.fromEntries(exportedFunctions(await parse(wat))), functions);
  });
}

Deno.test("exportedFunctions() lists the functions of components that toolchains made", async () => {
  const read = async (name: Parameters<typeof guest>[0]) =>
    Object.fromEntries(exportedFunctions(await Deno.readFile(await guest(name))));
  assert.deepEqual(await read("wat-run"), { "wasi:cli/run@0.2.3": ["run"] });
  assert.deepEqual(await read("qjs-command"), { "wasi:cli/run@0.2.12": ["run"] });
  assert.deepEqual(await read("qjs-echo"), {});
});

Deno.test("exportedFunctions() gives nothing for an empty component", () => {
  assert.deepEqual([...exportedFunctions(EMPTY_COMPONENT)], []);
  assert.deepEqual([...exportedFunctions(EMPTY_CORE_MODULE)], []);
});

Deno.test("exportedFunctions() throws SyntaxError, or ends, wherever a component is cut", async () => {
  const bytes = await Deno.readFile(await guest("wat-run"));
  let thrown = 0;
  for (let length = 8; length < bytes.length; length++) {
    try {
      exportedFunctions(bytes.subarray(0, length));
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
      thrown++;
    }
  }
  assert.ok(thrown > 0);
});
