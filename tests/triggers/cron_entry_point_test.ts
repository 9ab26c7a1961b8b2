import assert from "node:assert/strict";
import { parseWorld } from "../../src/compile/world.ts";
import { findEntryPoint } from "../../src/triggers/cron/entry_point.ts";
import type { EntryPoint } from "../../src/triggers/trigger.ts";

const NAME = "handle-cron-event";
const TIMER = "handle-timer-request: func(msg: string) -> string;";
const SCHEDULED = Date.UTC(2026, 2, 29, 1, 0, 0, 999);
const ARGS = ["2026-03-29T01:00:00.999Z", SCHEDULED];

function find(...exports: readonly string[]): EntryPoint | undefined {
  const lines = exports.map((text) => `  export ${text}\n`);
  return findEntryPoint(parseWorld(`package root:component;\nworld root {\n${lines.join("")}}\n`));
}

for (
  const signature of [
    "func(metadata: metadata) -> result<_, error>",
    "async func(metadata: metadata) -> result<_, error>",
    "func(metadata: metadata) -> result",
    "func(metadata: metadata)",
  ]
) {
  Deno.test(`findEntryPoint() of cron hands the nominal time in whole seconds to ${signature}`, () => {
    const found = find(TIMER, `${NAME}: ${signature};`);
    assert.equal(found?.export, NAME);
    assert.equal(found.arity, 1);
    const timestamp = BigInt(Date.UTC(2026, 2, 29, 1) / 1_000);
    assert.deepEqual(found.convert?.(ARGS), [{ timestamp }]);
  });
}

Deno.test("findEntryPoint() of cron calls what a timer calls if there is nothing else", () => {
  assert.deepEqual(find(TIMER), { export: "handle-timer-request", arity: 1 });
});

for (
  const text of [
    `${NAME}: func();`,
    `${NAME}: func(timestamp: u64) -> result<_, error>;`,
    `${NAME}: func(metadata: metadata, more: string) -> result<_, error>;`,
    `${NAME}: func(metadata: metadata) -> string;`,
    `${NAME}: interface { ${NAME}: func(metadata: metadata); }`,
    "handle-cron: func(metadata: metadata) -> result<_, error>;",
  ]
) {
  Deno.test(`findEntryPoint() of cron refuses ${text}`, () => {
    assert.equal(find(text), undefined);
  });
}
