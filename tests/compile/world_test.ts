import assert from "node:assert/strict";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { printWorld } from "../../src/compile/jco.ts";
import {
  formatSignature,
  parseWorld,
  withoutVersion,
  type World,
  type WorldItem,
} from "../../src/compile/world.ts";
import { guest, type GuestName, guestNames } from "../support/guests.ts";
import { jcoReady } from "./jco_ready.ts";

await jcoReady();

/** Reads the one function that a world exports, and writes its signature again. */
function signatureOf(text: string): string {
  const { exports } = parseWorld(`package root:component;\nworld root {\n  export ${text}\n}\n`);
  const [item] = exports;
  assert.equal(exports.length, 1);
  assert.equal(item?.kind, "function");
  return formatSignature(item.signature);
}

const SIGNATURES: readonly (readonly [wit: string, text: string])[] = [
  ["f: func();", "func()"],
  ["f: func(msg: string) -> string;", "func(string) -> string"],
  ["f: func(a: u8, b: s64, c: char, d: bool,) -> f32;", "func(u8, s64, char, bool) -> f32"],
  ["f: func() -> result;", "func() -> result"],
  ["f: func() -> result<string>;", "func() -> result<string>"],
  ["f: func() -> result<_, string>;", "func() -> result<_, string>"],
  ["f: func() -> result<string, string>;", "func() -> result<string, string>"],
  [
    "f: func() -> option<list<tuple<u8, list<string>>>>;",
    "func() -> option<list<tuple<u8, list<string>>>>",
  ],
  [
    "f: func(a: borrow<descriptor>) -> result<_, error-code>;",
    "func(borrow<descriptor>) -> result<_, error-code>",
  ],
  ["f: func(a: list<u8, 4>);", "func(list<u8, 4>)"],
  [
    "f: func(a: stream<u8>) -> future<result<_, string>>;",
    "func(stream<u8>) -> future<result<_, string>>",
  ],
  ["f: func(%type: string) -> string;", "func(string) -> string"],
  ["f:func(msg:string)->string;", "func(string) -> string"],
  ["f\n  :\n  func\n  (\n  msg : string\n  )\n  ->\n  string\n  ;", "func(string) -> string"],
];

for (const [wit, text] of SIGNATURES) {
  Deno.test(`formatSignature() writes what parseWorld() reads of ${JSON.stringify(wit)}`, () => {
    assert.equal(signatureOf(wit), text);
  });
}

/** The names of a world's items, functions marked with parentheses. */
function names(items: readonly WorldItem[]): readonly string[] {
  return items.map(({ kind, name }) => kind === "function" ? `${name}()` : name);
}

/** Everything that may stand in a world, and package blocks behind it that look the same. */
const EVERYTHING = `package root:component;

world root {
  import wasi:cli/environment@0.2.6;
  import wasi:io/streams@0.2.0-rc-2023-11-10+build.5;
  import acme:plain/names;
  import log: func(text: string);
  import settings: interface {
    use wasi:io/error@0.2.6.{error as io-error};
    resource bag {
      constructor(size: u32);
      get: func(key: string) -> option<string>;
      make: static func() -> bag;
    }
    record pair { left: u8, right: u8, }
    open: func() -> result<bag, io-error>;
  }
  use wasi:io/poll@0.2.6.{pollable, pollable as waitable};
  use types.{a};
  type text = string;
  type texts = list<tuple<text, text>>;
  resource empty;
  resource handle { constructor(); drop-it: func(); }
  record point { x: u32, y: u32, }
  variant shape { dot, line(point), other(option<string>), }
  enum colour { red, green, }
  flags rights { read, write, }
  include acme:worlds/base@1.0.0;

  export run: func(where: point) -> result<_, colour>;
  export wasi:cli/run@0.2.6;
  export inner: interface { nothing: func(); }
  export empty-one: interface { }
  export wasi-run: func();
}
package wasi:io@0.2.6 {
  interface error { resource error; }
  world imposter { import not:this/one; export nor: func(); }
}
`;

Deno.test("parseWorld() finds each import and export among everything else that a world holds", () => {
  const world = parseWorld(EVERYTHING);
  assert.deepEqual(names(world.imports), [
    "wasi:cli/environment@0.2.6",
    "wasi:io/streams@0.2.0-rc-2023-11-10+build.5",
    "acme:plain/names",
    "log()",
    "settings",
  ]);
  assert.deepEqual(names(world.exports), [
    "run()",
    "wasi:cli/run@0.2.6",
    "inner",
    "empty-one",
    "wasi-run()",
  ]);
});

Deno.test("parseWorld() refuses a world that was cut off anywhere", () => {
  const end = EVERYTHING.indexOf("\n}\n") + 2;
  for (let length = 0; length < end; length++) {
    assert.throws(() => parseWorld(EVERYTHING.slice(0, length)), SyntaxError, `at ${length}`);
  }
});

Deno.test("parseWorld() reads a world without any item", () => {
  assert.deepEqual(parseWorld("package root:component;\n\nworld root {\n}\n"), {
    imports: [],
    exports: [],
  });
});

const MALFORMED: readonly string[] = [
  "",
  "package root:component;",
  "interface x { f: func(); }",
  "world root",
  "world root ;",
  "world { }",
  "world root { export f: func( }",
  "world root { export f: func() -> ; }",
  "world root { export f: function(); }",
  "world root { export f func(); }",
  "world root { export f: func() }",
  "world root { export f: func(string); }",
];

for (const text of MALFORMED) {
  Deno.test(`parseWorld() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseWorld(text), SyntaxError);
  });
}

Deno.test("parseWorld() reads an async function", () => {
  assert.equal(signatureOf("f: async func(msg: string) -> string;"), "func(string) -> string");
});

Deno.test("parseWorld() gives a function's own name when WIT had to escape it", () => {
  const { exports } = parseWorld("world root { export %type: func(); export %async: func(); }");
  assert.deepEqual(names(exports), ["type()", "async()"]);
});

for (const name of guestNames.filter((name) => name !== "wat-preview-one")) { // no component
  Deno.test(`parseWorld() reads the world of the guest ${name}`, async () => {
    const world = parseWorld(await printWorld(await Deno.readFile(await guest(name))));
    assert.ok(world.exports.length > 0);
    for (const { kind, name: item } of world.imports) {
      assert.equal(kind, "interface");
      assert.match(item, /^[a-z]+:[a-z-]+\/[a-z-]+@\d+\.\d+\.\d+$/);
    }
  });
}

async function worldOf(guestName: GuestName): Promise<World> {
  return parseWorld(await printWorld(await Deno.readFile(await guest(guestName))));
}

Deno.test("parseWorld() keeps two versions of one interface apart", async () => {
  assert.deepEqual(names((await worldOf("wat-two-versions")).imports), [
    "wasi:cli/environment@0.2.0",
    "wasi:cli/environment@0.2.6",
  ]);
});

Deno.test("parseWorld() reads real components whose names WIT must escape", async () => {
  const component = await parse(`(component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "type") (canon lift (core func $i "f")))
    (func (export "get-URL") (canon lift (core func $i "f"))))`);
  assert.deepEqual(names(parseWorld(await printWorld(component)).exports), [
    "type()",
    "get-URL()",
  ]);
});

Deno.test("parseWorld() reads a real component with types, resources and an interface in place", async () => {
  const component = await parse(`(component
    (type $settings (instance
      (export "bag" (type $bag (sub resource)))
      (export "[constructor]bag" (func (result (own $bag))))
      (type $pair' (record (field "left" u8) (field "right" u8)))
      (export "pair" (type $pair (eq $pair')))
      (export "swap" (func (param "pair" $pair) (result $pair)))))
    (import "settings" (instance (type $settings)))
    (import "log" (func (param "text" string)))
    (core module $m (func (export "f") (result i32) i32.const 0))
    (core instance $i (instantiate $m))
    (func (export "run") (result (result)) (canon lift (core func $i "f")))
    (func $get (result u32) (canon lift (core func $i "f")))
    (instance $offered (export "get" (func $get)))
    (export "acme:shop/prices@1.2.3" (instance $offered)))`);
  const world = parseWorld(await printWorld(component));
  assert.deepEqual(names(world.imports), ["settings", "log()"]);
  assert.deepEqual([...names(world.exports)].sort(), ["acme:shop/prices@1.2.3", "run()"]);
});

Deno.test("parseWorld() reads a real component that carries documentation and stability", async () => {
  const metadata = {
    docs: "A world apart.",
    worlds: {
      root: {
        docs: "Ends here }",
        func_exports: {
          run: { docs: "import x:y/z; }", stability: { stable: { since: "1.0.0" } } },
        },
        interface_import_docs: { "acme:mail/send": "Sends; import x:y/z;" },
        interface_import_stability: { "acme:mail/send": { stable: { since: "0.2.0" } } },
      },
    },
  };
  const component = await parse(`(component
    (import "acme:mail/send" (instance))
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "run") (canon lift (core func $i "f")))
    (@custom "package-docs" "\\01${JSON.stringify(metadata).replaceAll('"', '\\"')}"))`);
  const world = parseWorld(await printWorld(component));
  assert.deepEqual(names(world.imports), ["acme:mail/send"]);
  assert.deepEqual(names(world.exports), ["run()"]);
});

Deno.test("parseWorld() adds the functions of exported interfaces, and of no import", () => {
  const text = `package root:component;
world root {
  import a:b/c@1.0.0;
  export a:b/c@1.0.0;
  export a:b/d;
  export mine: interface { f: func(); }
  export g: func();
}`;
  const functions = new Map([["a:b/c@1.0.0", ["run", "[method]bag.get"]], ["mine", ["f"]]]);
  const world = parseWorld(text, functions);
  assert.deepEqual(world.imports, [{ kind: "interface", name: "a:b/c@1.0.0" }]);
  assert.deepEqual(world.exports, [
    { kind: "interface", name: "a:b/c@1.0.0", functions: ["run", "[method]bag.get"] },
    { kind: "interface", name: "a:b/d" },
    { kind: "interface", name: "mine", functions: ["f"] },
    { kind: "function", name: "g", signature: { parameters: [] } },
  ]);
});

const VERSIONS: readonly (readonly [name: string, id: string])[] = [
  ["wasi:cli/environment@0.2.6", "wasi:cli/environment"],
  ["wasi:cli/environment", "wasi:cli/environment"],
  ["a:b/c@1.0.0-rc.1+x", "a:b/c"],
  ["settings", "settings"],
];

for (const [name, id] of VERSIONS) {
  Deno.test(`withoutVersion() gives ${id} when given ${name}`, () => {
    assert.equal(withoutVersion(name), id);
  });
}
