import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { CallScope } from "../../src/guest/call_scope.ts";
import { CancelledError } from "../../src/guest/failure.ts";

const never = () => new Promise<never>(() => {});
const DENIAL = { target: "connect to x", grant: "g" };

Deno.test("CallScope ends a call that waits for what never comes, soon after its time is over", async () => {
  const { signal } = new AbortController();
  using scope = new CallScope({ signal, timeout: 20 });
  const error = await scope.unlessOver(never()).catch((error) => error);
  const { kind, message } = scope.failureOf(error);
  assert.deepEqual([kind, message], ["timeout", "The guest did not return within 20 ms"]);
});

Deno.test("CallScope lets a call end in its own way when it does so soon after its time is over", async () => {
  const { signal } = new AbortController();
  using scope = new CallScope({ signal, timeout: 10 });
  const tidy = new Promise((resolve) => {
    scope.signal.addEventListener("abort", () => resolve("tidied up"), { once: true });
  });
  assert.equal(await scope.unlessOver(tidy), "tidied up");
});

Deno.test("CallScope knows that the time is over while the thread is busy", () => {
  const { signal } = new AbortController();
  using scope = new CallScope({ signal, timeout: 5 });
  assert.equal(scope.isOver(), false);
  const start = performance.now();
  while (performance.now() - start < 10);
  assert.equal(scope.isOver(), true);
  assert.equal(scope.signal.aborted, true);
  assert.equal(scope.failureOf(new WebAssembly.RuntimeError("unreachable")).kind, "timeout");
});

Deno.test("CallScope tells a cancelled call by its signal, and by the other thread's word", () => {
  using aborted = new CallScope({ signal: AbortSignal.abort(new Error("enough")) });
  assert.equal(aborted.isOver(), true);
  assert.deepEqual(aborted.failureOf(new Error("x")).message, "enough");
  const { signal } = new AbortController();
  using told = new CallScope({ signal, isCancelled: () => true });
  assert.equal(told.isOver(), true);
  assert.equal(told.failureOf(new WebAssembly.RuntimeError("unreachable")).kind, "cancelled");
});

Deno.test("CallScope calls a failure denied only where the guest was refused something before", () => {
  const { signal } = new AbortController();
  using scope = new CallScope({ signal });
  assert.equal(scope.failureOf(new WebAssembly.RuntimeError("oops")).kind, "trap");
  scope.deny(DENIAL);
  const { kind, message } = scope.failureOf(new WebAssembly.RuntimeError("oops"));
  assert.equal(kind, "denied");
  assert.equal(message, "The guest was not allowed to connect to x, and gave up: oops");
  assert.equal(scope.failureOf(new CancelledError("gone")).kind, "cancelled");
});

Deno.test("CallScope says that a guest trapped after it had reached its memory limit", () => {
  const { signal } = new AbortController();
  using scope = new CallScope({ signal });
  scope.refuseMemory(1_048_576);
  assert.equal(
    scope.failureOf(new WebAssembly.RuntimeError("oops")).message,
    "oops, after it had reached its 1MiB of memory",
  );
});

Deno.test("CallScope leaves no timer and no listener behind", () => {
  const { signal } = new AbortController();
  {
    using _scope = new CallScope({ signal, timeout: 60_000 });
    assert.equal(getEventListeners(signal, "abort").length, 1);
  }
  assert.equal(getEventListeners(signal, "abort").length, 0);
});
