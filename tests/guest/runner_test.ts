import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { loadProgram } from "../../src/guest/program.ts";
import type { GuestOutput } from "../../src/guest/output.ts";
import { type CallResult, Runner } from "../../src/guest/runner.ts";
import { CancelledError } from "../../src/guest/failure.ts";
import { withoutVersion } from "../../src/compile/world.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { HANDLE, NO_GRANT } from "../isolation/executor_spec.ts";
import type { GuestName } from "../support/guests.ts";
import { withoutUsage } from "../support/without_usage.ts";

/**
 * Waits until jco's own scheduler has gone to rest after a guest was suspended: it looks again
 * after 10 ms. What is left then, the sanitizers find.
 */
async function schedulerAtRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

interface TestRunner {
  readonly runner: Runner;
  readonly output: readonly GuestOutput[];
}

async function runnerOf(name: GuestName): Promise<TestRunner> {
  const { source, modules, world } = await compiledGuest(name);
  const output: GuestOutput[] = [];
  const runner = new Runner(await loadProgram(source, modules, NO_GRANT), {
    imports: world.imports.map(({ name }) => withoutVersion(name)),
    grant: NO_GRANT,
    onDenied() {},
    output: { kind: "lines", onOutput: (line) => output.push(line) },
  });
  return { runner, output };
}

/** A call's options, with a signal that never fires. */
function args(...values: readonly unknown[]): {
  readonly args: readonly unknown[];
  readonly signal: AbortSignal;
} {
  return { args: values, signal: new AbortController().signal };
}

function kindOf(result: CallResult): string {
  return result.ok ? "ok" : result.failure.kind;
}

Deno.test("callFresh() calls a guest with fresh state, also when calls are concurrent", async () => {
  const { runner } = await runnerOf("wat-count");
  const one = { ok: true, value: "1 1" };
  assert.deepEqual(withoutUsage(await runner.callFresh(HANDLE, args("a"))), one);
  assert.deepEqual(withoutUsage(await runner.callFresh(HANDLE, args("b"))), one);
  const many = Array.from({ length: 50 }, () => runner.callFresh(HANDLE, args("c")));
  for (const result of await Promise.all(many)) assert.deepEqual(withoutUsage(result), one);
});

Deno.test("call() keeps an instance's state, apart from that of others", async () => {
  const { runner } = await runnerOf("wat-count");
  const { signal } = new AbortController();
  assert.deepEqual(withoutUsage(await runner.instantiate(1, { signal })), {
    ok: true,
    value: undefined,
  });
  assert.deepEqual(withoutUsage(await runner.instantiate(2, { signal })), {
    ok: true,
    value: undefined,
  });
  const values: unknown[] = [];
  for (const id of [1, 1, 2, 1]) {
    const result = await runner.call(id, HANDLE, args("x"));
    values.push(result.ok && result.value);
  }
  assert.deepEqual(values, ["1 1", "2 2", "1 1", "3 3"]);
  runner.dispose(1);
  runner.dispose(2);
});

Deno.test("callFresh() runs the next event well after one that trapped", async () => {
  const { runner } = await runnerOf("wat-trap");
  for (let round = 0; round < 3; round++) {
    assert.equal(kindOf(await runner.callFresh(HANDLE, args("x"))), "trap");
  }
});

Deno.test("call() gives cancelled when the instance is gone, or never was", async () => {
  const { runner } = await runnerOf("wat-count");
  await runner.instantiate(1, { signal: new AbortController().signal });
  runner.dispose(1);
  runner.dispose(1);
  runner.dispose(99);
  assert.equal(kindOf(await runner.call(1, HANDLE, args("x"))), "cancelled");
  assert.equal(kindOf(await runner.call(98, HANDLE, args("x"))), "cancelled");
});

Deno.test("callFresh() gives a trap when there is no such export", async () => {
  const { runner } = await runnerOf("wat-count");
  const result = await runner.callFresh("not-there", args());
  assert.equal(kindOf(result), "trap");
  assert.match(result.ok ? "" : result.failure.message, /not-there/);
});

for (const name of ["constructor", "to-string", "has-own-property", "__proto__"]) {
  Deno.test(`callFresh() gives a trap when asked for ${name}, which every object has`, async () => {
    const { runner } = await runnerOf("wat-count");
    assert.equal(kindOf(await runner.callFresh(name, args())), "trap");
  });
}

Deno.test("callFresh() ends a sleeping guest at once when its signal fires", async () => {
  const { runner } = await runnerOf("wat-sleep-long");
  const controller = new AbortController();
  const calling = runner.callFresh(HANDLE, { args: ["x"], signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 10)); // let the guest fall asleep
  const before = performance.now();
  controller.abort(new CancelledError("The event was cancelled"));
  assert.deepEqual(withoutUsage(await calling), {
    ok: false,
    failure: { kind: "cancelled", message: "The event was cancelled", stack: [] },
  });
  assert.ok(performance.now() - before < 5_000);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  await schedulerAtRest();
});

Deno.test("callFresh() leaves no listener on the signal of a call that returned", async () => {
  const { signal } = new AbortController();
  for (const name of ["wat-count", "wat-sleep", "wat-trap"] as const) {
    const { runner } = await runnerOf(name);
    await runner.callFresh(HANDLE, { args: ["x"], signal });
  }
  await schedulerAtRest();
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

Deno.test("callFresh() runs no guest when its signal has fired already", async () => {
  const { runner, output } = await runnerOf("wat-stdout");
  const result = await runner.callFresh(HANDLE, { args: ["x"], signal: AbortSignal.abort() });
  assert.equal(kindOf(result), "cancelled");
  assert.deepEqual(output, []);
});

Deno.test("instantiate() makes no instance when its signal has fired already", async () => {
  const { runner } = await runnerOf("wat-count");
  assert.equal(kindOf(await runner.instantiate(1, { signal: AbortSignal.abort() })), "cancelled");
  assert.equal(kindOf(await runner.call(1, HANDLE, args("x"))), "cancelled");
});

Deno.test("dispose() ends what the instance waits for at once", async () => {
  const { runner } = await runnerOf("wat-sleep-long");
  const { signal } = new AbortController();
  await runner.instantiate(1, { signal });
  const calling = runner.call(1, HANDLE, args("x"));
  await new Promise((resolve) => setTimeout(resolve, 10)); // let the guest fall asleep
  runner.dispose(1);
  assert.equal(kindOf(await calling), "cancelled");
  assert.equal(getEventListeners(signal, "abort").length, 0);
  await schedulerAtRest();
});

Deno.test("instances of one component sleep side by side", async () => {
  const { runner } = await runnerOf("wat-sleep");
  const before = performance.now();
  const sleeping = Array.from({ length: 20 }, () => runner.callFresh(HANDLE, args("x")));
  for (const result of await Promise.all(sleeping)) {
    assert.deepEqual(withoutUsage(result), { ok: true, value: "" });
  }
  const took = performance.now() - before;
  assert.ok(took >= 300 && took < 5_000, `${took} ms`);
  await schedulerAtRest();
});

Deno.test("a runner hands on what guests write line by line, unfinished lines at the end", async () => {
  const { runner, output } = await runnerOf("wat-stdout");
  assert.deepEqual(withoutUsage(await runner.callFresh(HANDLE, args("x"))), {
    ok: true,
    value: "",
  });
  assert.deepEqual(output, [
    { stream: "stdout", line: "out one" },
    { stream: "stdout", line: "out two" },
    { stream: "stderr", line: "err one" },
    { stream: "stdout", line: "out three" },
    { stream: "stdout", line: "out open" },
    { stream: "stderr", line: "err open" },
  ]);
});

Deno.test("a runner keeps the unfinished line of a living instance until it is disposed", async () => {
  const { runner, output } = await runnerOf("wat-stdout");
  await runner.instantiate(1, { signal: new AbortController().signal });
  await runner.call(1, HANDLE, args("x"));
  await runner.call(1, HANDLE, args("x"));
  const before = output.filter(({ stream }) => stream === "stdout").map(({ line }) => line);
  assert.deepEqual(before, [
    ...["out one", "out two", "out three"],
    ...["out openout one", "out two", "out three"],
  ]);
  runner.dispose(1);
  assert.deepEqual(output.slice(-2).map(({ line }) => line), ["out open", "err open"]);
});

Deno.test("a runner maps capitals and digits in an export's name as jco does", async () => {
  const instantiate = () => ({ getUrlV2: () => "found" });
  const runner = new Runner({ instantiate, modules: new Map(), initialMemory: 0 }, {
    imports: [],
    grant: NO_GRANT,
    onDenied() {},
    output: { kind: "lines", onOutput() {} },
  });
  assert.deepEqual(withoutUsage(await runner.callFresh("get-URL-v2", args())), {
    ok: true,
    value: "found",
  });
});

Deno.test("a call of a living instance reports what it added, and not what came before", async () => {
  const { runner } = await runnerOf("qjs-work");
  const { signal } = new AbortController();
  await runner.instantiate(1, { signal });
  await runner.call(1, HANDLE, args("warm up"));
  const usages = [];
  for (const payload of ["a", "b", "c"]) {
    usages.push((await runner.call(1, HANDLE, args(payload))).usage);
  }
  const [first] = usages;
  assert.ok(first !== undefined && first.fuel > 1_000_000 && first.cpu > 0);
  for (const usage of usages) {
    // A guest that collects its garbage now and then does not do quite the same every time.
    assert.ok(Math.abs((usage?.fuel ?? 0) / first.fuel - 1) < 0.01, Deno.inspect(usages));
    assert.equal(usage?.output, 0);
  }
  runner.dispose(1);
});

Deno.test("a call reports the bytes that its guest wrote, with what is no line", async () => {
  const { runner, output } = await runnerOf("wat-stdout");
  const { usage } = await runner.callFresh(HANDLE, args("x"));
  assert.equal(usage?.output, 50);
  assert.ok(output.length > 0);
  await schedulerAtRest();
});

Deno.test("a call whose time is over reports what it used until then", async () => {
  const { runner } = await runnerOf("wat-loop");
  const result = await runner.callFresh(HANDLE, { ...args("x"), timeout: 50 });
  assert.equal(kindOf(result), "timeout");
  const { fuel = 0, cpu = 0 } = result.usage ?? {};
  assert.ok(fuel > 1_000_000 && cpu > 5 && cpu < 500, `${fuel} units, ${cpu} ms`);
});

Deno.test("a call may be given more time than a timer of the platform has", async () => {
  const { runner } = await runnerOf("wat-sleep");
  for (const timeout of [2 ** 31, 1e12, Infinity]) {
    assert.equal(kindOf(await runner.callFresh(HANDLE, { ...args("x"), timeout })), "ok");
  }
  await schedulerAtRest();
});

Deno.test("callFresh() says how the start functions failed, and leaves no listener", async () => {
  const instantiate = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  const runner = new Runner({ instantiate, modules: new Map(), initialMemory: 0 }, {
    imports: [],
    grant: NO_GRANT,
    onDenied() {},
    output: { kind: "lines", onOutput() {} },
  });
  const { signal } = new AbortController();
  assert.equal(kindOf(await runner.callFresh("x", { args: [], signal })), "trap");
  assert.equal(kindOf(await runner.instantiate(1, { signal })), "trap");
  assert.equal(getEventListeners(signal, "abort").length, 0);
});
