import assert from "node:assert/strict";
import { parseWorld } from "../../src/compile/world.ts";
import { findEntryPoint } from "../../src/triggers/timer/entry_point.ts";

const NAME = "handle-timer-request";

function find(...exports: readonly string[]): ReturnType<typeof findEntryPoint> {
  const lines = exports.map((text) => `  export ${text}\n`);
  return findEntryPoint(parseWorld(`package root:component;\nworld root {\n${lines.join("")}}\n`));
}

const RESULTS = ["", " -> string", " -> result<string, string>", " -> result<_, string>"];

for (const [parameters, arity] of [["", 0], ["msg: string", 1], ["anything: string", 1]] as const) {
  for (const result of RESULTS) {
    Deno.test(`findEntryPoint() accepts func(${parameters})${result}`, () => {
      assert.deepEqual(find(`${NAME}: func(${parameters})${result};`), { export: NAME, arity });
    });
  }
}

const REFUSED: readonly string[] = [
  `${NAME}: func(msg: u32);`,
  `${NAME}: func(msg: list<u8>);`,
  `${NAME}: func(msg: option<string>) -> string;`,
  `${NAME}: func(a: string, b: string) -> string;`,
  `${NAME}: func(msg: string) -> u32;`,
  `${NAME}: func(msg: string) -> bool;`,
  `${NAME}: func(msg: string) -> list<string>;`,
  `${NAME}: func(msg: string) -> option<string>;`,
  `${NAME}: func(msg: string) -> tuple<string, string>;`,
  `${NAME}: func(msg: string) -> result;`,
  `${NAME}: func(msg: string) -> result<string>;`,
  `${NAME}: func(msg: string) -> result<_, u32>;`,
  `${NAME}: func(msg: string) -> result<u32, string>;`,
  `${NAME}: func(msg: string) -> result<string, error-code>;`,
  `${NAME}: func(msg: string) -> result<list<string>, string>;`,
  `${NAME}: interface { ${NAME}: func(msg: string) -> string; }`,
  `${NAME};`,
  `handle-timer-requests: func(msg: string) -> string;`,
  `handle-timer: func(msg: string) -> string;`,
  `gyre:timer/${NAME}@1.0.0;`,
];

for (const text of REFUSED) {
  Deno.test(`findEntryPoint() refuses ${text}`, () => {
    assert.equal(find(text), undefined);
  });
}

Deno.test("findEntryPoint() finds nothing in a world without exports", () => {
  assert.equal(find(), undefined);
});

Deno.test("findEntryPoint() finds the function among other exports", () => {
  const found = find("wasi:cli/run@0.2.6;", "tick: func();", `${NAME}: func() -> string;`);
  assert.deepEqual(found, { export: NAME, arity: 0 });
});

Deno.test("findEntryPoint() does not take an import for an export", () => {
  const world = parseWorld(`world root { import ${NAME}: func(msg: string) -> string; }`);
  assert.equal(findEntryPoint(world), undefined);
});
