import assert from "node:assert/strict";
import type { PreparedComponent } from "../../src/context/prepared_component.ts";
import { dispatch } from "../../src/triggers/dispatch.ts";
import { ExecutionContext } from "../../src/context/execution_context.ts";
import { FakeClock, settled } from "../support/fake_clock.ts";
import { applicationOf } from "../context/application_of.ts";
import type { GuestName } from "../support/guests.ts";
import type { Outcome } from "../../src/triggers/outcome.ts";

const EVENT = { id: "2026-01-01T00:00:01.000Z", args: ["now", "never given"] };
const ENTRY_POINT = { export: "handle-timer-request", arity: 1 };

/** Dispatches one event to a guest. */
async function outcomeOf(
  name: GuestName,
  options: { readonly arity?: number; readonly signal?: AbortSignal } = {},
): Promise<Outcome> {
  const application = await applicationOf({ components: [name], timers: [] });
  await using context = await ExecutionContext.create(application, { isolation: "inline" });
  const component: PreparedComponent = await context.prepareComponent(name);
  const outcome = await dispatch(EVENT, {
    trigger: "my-trigger",
    component,
    entryPoint: { ...ENTRY_POINT, arity: options.arity ?? 1 },
    clock: new FakeClock(),
    signal: options.signal ?? new AbortController().signal,
  });
  await settled();
  const { trigger, event, duration } = outcome;
  assert.deepEqual({ component: outcome.component, trigger, event, duration }, {
    component: name,
    trigger: "my-trigger",
    event: EVENT.id,
    duration: 0,
  });
  return outcome;
}

Deno.test("dispatch() gives ok with the guest's value", async () => {
  const { kind, value, error } = await outcomeOf("wat-echo");
  assert.deepEqual([kind, value, error], ["ok", "ECHO: now", undefined]);
});

Deno.test("dispatch() gives ok with the value of a result that is ok", async () => {
  const { kind, value } = await outcomeOf("wat-ok-result");
  assert.deepEqual([kind, value], ["ok", "all is well"]);
});

Deno.test("dispatch() gives ok without a value when the guest returns nothing", async () => {
  const outcome = await outcomeOf("wat-no-param", { arity: 0 });
  assert.equal(outcome.kind, "ok");
  assert.equal("value" in outcome, false);
  assert.equal("error" in outcome, false);
});

Deno.test("dispatch() gives guest-error with the text of a result's error", async () => {
  const outcome = await outcomeOf("wat-err-result");
  assert.equal(outcome.kind, "guest-error");
  assert.deepEqual(outcome.error, { message: "out of paper", stack: [] });
  assert.equal("value" in outcome, false);
});

Deno.test("dispatch() gives guest-error with the code of an exit", async () => {
  const { kind, error } = await outcomeOf("wat-exit");
  assert.deepEqual([kind, error?.exitCode], ["guest-error", 1]);
});

for (const name of ["wat-trap", "wat-div", "wat-recurse"] as const) {
  Deno.test(`dispatch() gives trap, with the guest's stack, for ${name}`, async () => {
    const { kind, error } = await outcomeOf(name);
    assert.equal(kind, "trap");
    assert.ok((error?.stack.length ?? 0) > 0);
    assert.notEqual(error?.message, "");
  });
}

Deno.test("dispatch() gives cancelled when its signal has fired", async () => {
  const signal = AbortSignal.abort(new Error("The application was stopped"));
  const { kind, error } = await outcomeOf("wat-echo", { signal });
  assert.deepEqual([kind, error?.message], ["cancelled", "The application was stopped"]);
});

Deno.test("dispatch() gives cancelled when its signal fires while the guest sleeps", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 50);
  const { kind } = await outcomeOf("wat-sleep-long", { signal: controller.signal });
  assert.equal(kind, "cancelled");
  await new Promise((resolve) => setTimeout(resolve, 100)); // jco's scheduler looks again
});

Deno.test("dispatch() measures the duration on its clock", async () => {
  const clock = new FakeClock();
  const application = await applicationOf({ components: ["wat-sleep"], timers: [] });
  await using context = await ExecutionContext.create(application, { isolation: "inline" });
  const component = await context.prepareComponent("wat-sleep");
  const { signal } = new AbortController();
  const target = { trigger: "t", component, entryPoint: ENTRY_POINT, clock, signal };
  const dispatching = dispatch(EVENT, target);
  clock.jump(1_234);
  assert.equal((await dispatching).duration, 1_234);
  await new Promise((resolve) => setTimeout(resolve, 100)); // jco's scheduler looks again
});

Deno.test("dispatch() hands on what an event says, and reports what its call used", async () => {
  const application = await applicationOf({ components: ["qjs-simulated"], timers: [] });
  await using context = await ExecutionContext.create(application, { isolation: "inline" });
  const component = await context.prepareComponent("qjs-simulated");
  const target = {
    trigger: "t",
    component,
    clock: new FakeClock(),
    signal: new AbortController().signal,
  };
  const outcome = await dispatch({
    id: "e",
    args: ["ignored"],
    environment: { GYRE_ATTEMPT: "2" },
  }, { ...target, entryPoint: { ...ENTRY_POINT, convert: () => ["tell"] } });
  assert.deepEqual(JSON.parse(String(outcome.value)).environment, { GYRE_ATTEMPT: "2" });
  assert.ok((outcome.usage?.fuel ?? 0) > 0);
  const timedOut = await dispatch(
    { id: "e", args: ["sleep 10000"], timeout: 20 },
    { ...target, entryPoint: ENTRY_POINT },
  );
  assert.equal(timedOut.kind, "timeout");
  const ending = new AbortController();
  const cancelling = dispatch(
    { id: "e", args: ["sleep 10000"], signal: ending.signal },
    { ...target, entryPoint: ENTRY_POINT },
  );
  setTimeout(() => ending.abort(), 20);
  assert.equal((await cancelling).kind, "cancelled");
  await new Promise((resolve) => setTimeout(resolve, 100)); // jco's scheduler looks again
});
