import assert from "node:assert/strict";
import type { WorldItem } from "../../src/compile/world.ts";
import type { GuestFailure } from "../../src/guest/failure.ts";
import { commandTrigger } from "../../src/triggers/command/command_trigger.ts";
import { findEntryPoint } from "../../src/triggers/command/entry_point.ts";
import { interpretExit } from "../../src/triggers/command/interpret_exit.ts";
import { RunLedger } from "../../src/services/ledger/run_ledger.ts";
import type { BoundTrigger, TriggerEvent } from "../../src/triggers/trigger.ts";
import { FakeClock } from "../support/fake_clock.ts";

const ENTRY_POINTS: readonly (readonly [what: string, item: WorldItem, found?: string])[] = [
  ["run", interfaceOf("wasi:cli/run@0.2.0", "run"), "wasi:cli/run@0.2.0#run"],
  ["run of a late version", interfaceOf("wasi:cli/run@0.2.12", "run"), "wasi:cli/run@0.2.12#run"],
  ["run of another release", interfaceOf("wasi:cli/run@0.3.0", "run")],
  ["run without a version", interfaceOf("wasi:cli/run", "run")],
  ["another package's run", interfaceOf("acme:cli/run@0.2.0", "run")],
  ["an interface without the function", interfaceOf("wasi:cli/run@0.2.0", "walk")],
  ["an interface of unknown functions", { kind: "interface", name: "wasi:cli/run@0.2.0" }],
  ["a plain function", { kind: "function", name: "run", signature: { parameters: [] } }],
];

for (const [what, item, found] of ENTRY_POINTS) {
  Deno.test(`findEntryPoint() of a command finds ${found ?? "nothing"} when given ${what}`, () => {
    const entryPoint = findEntryPoint({ imports: [], exports: [item] });
    assert.equal(entryPoint?.export, found);
    if (found !== undefined) assert.equal(entryPoint?.arity, 0);
  });
}

const FAILURES: readonly (readonly [
  what: string,
  failure: Partial<GuestFailure>,
  meaning: Partial<GuestFailure> | undefined,
])[] = [
  ["exit code 0", { exitCode: 0 }, undefined],
  ["exit code 0 after a denial", { kind: "denied", exitCode: 0 }, undefined],
  ["exit code 3", { exitCode: 3 }, { message: "The command exited with code 3", exitCode: 3 }],
  ["an error", {}, { message: "The command returned an error", exitCode: 1 }],
  ["a trap", { kind: "trap" }, { kind: "trap" }],
  ["a timeout", { kind: "timeout" }, { kind: "timeout" }],
  ["exit code 3 after a denial", { kind: "denied", exitCode: 3 }, { kind: "denied", exitCode: 3 }],
];

for (const [what, failure, meaning] of FAILURES) {
  Deno.test(`interpretExit() says what it means that a command ended with ${what}`, () => {
    const given: GuestFailure = { kind: "guest-error", message: "m", stack: ["s"], ...failure };
    assert.deepEqual(interpretExit(given), meaning && { ...given, ...meaning });
  });
}

function interfaceOf(name: string, ...functions: string[]): WorldItem {
  return { kind: "interface", name, functions };
}

function boundTo(dispatched: TriggerEvent[]): BoundTrigger {
  return {
    id: "command-0",
    config: { arguments: [] },
    queue: 0,
    runs: RunLedger.open({ application: "a", now: 0 }).trigger("command-0", "c"),
    dispatch: (event) => {
      dispatched.push(event);
      return Promise.resolve({
        kind: "ok",
        component: "c",
        trigger: "command-0",
        event: event.id,
        duration: 0,
      });
    },
    skip() {},
  };
}

Deno.test("the command trigger dispatches one event for each entry, and ends", async () => {
  for (const once of [false, true]) {
    const dispatched: TriggerEvent[] = [];
    await commandTrigger.run({
      triggers: [boundTo(dispatched), boundTo(dispatched)],
      settings: undefined,
      clock: new FakeClock(),
      signal: new AbortController().signal,
      once,
      batch: (work) => work(),
    });
    assert.deepEqual(dispatched, [{ id: "run", args: [] }, { id: "run", args: [] }]);
  }
});

Deno.test("the command trigger dispatches nothing once it is stopped", async () => {
  const dispatched: TriggerEvent[] = [];
  await commandTrigger.run({
    triggers: [boundTo(dispatched)],
    settings: undefined,
    clock: new FakeClock(),
    signal: AbortSignal.abort(),
    once: false,
    batch: (work) => work(),
  });
  assert.deepEqual(dispatched, []);
});

Deno.test("the command trigger describes its arguments as a shell's reader expects them", () => {
  assert.equal(commandTrigger.describe({ arguments: [] }, undefined), "once");
  assert.equal(
    commandTrigger.describe({ arguments: ["-l", "two words"] }, undefined),
    'once, with "-l" "two words"',
  );
});
