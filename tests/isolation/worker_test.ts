import assert from "node:assert/strict";
import { IsolationError } from "../../src/errors.ts";
import type { ExecutorSpec } from "../../src/isolation/isolation.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { executorSpec, HANDLE, scripted } from "./executor_spec.ts";
import { withoutUsage } from "../support/without_usage.ts";

/** Describes a component whose module was written by hand. */
function scriptedSpec(source: string): ExecutorSpec {
  return executorSpec(scripted(source));
}

/** Waits for a promise, and fails if it has not settled within 5 s. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Did not settle within 5 s")), 5_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const UNLOADABLE: Readonly<Record<string, string>> = {
  "throws at load": 'throw new Error("not today");',
  "throws no Error at load": "throw undefined;",
  "rejects at load": 'await Promise.reject(new Error("not today"));',
  "is no JavaScript": "export function {",
  "imports what is not there": 'import "./nowhere.js";',
  "throws at load, outside of the module": 'queueMicrotask(() => { throw new Error("x"); }); ' +
    "await new Promise(() => {});",
};

for (const [what, source] of Object.entries(UNLOADABLE)) {
  Deno.test(`startWorker() rejects with ERR_WORKER_START, naming the component, when its module ${what}`, async () => {
    await assert.rejects(soon(startWorker(scriptedSpec(source))), (error) => {
      assert.ok(error instanceof IsolationError);
      assert.equal(error.code, "ERR_WORKER_START");
      assert.match(error.message, /"tested"/);
      return true;
    });
  });
}

Deno.test("startWorker() rejects with the signal's reason, and leaves no worker, when it is aborted", async () => {
  const compiled = await compiledGuest("wat-echo");
  const reason = new Error("enough");
  await assert.rejects(
    startWorker(executorSpec(compiled), { signal: AbortSignal.abort(reason) }),
    reason,
  );
  const controller = new AbortController();
  const starting = startWorker(scriptedSpec("await new Promise(() => {});"), {
    signal: controller.signal,
  });
  controller.abort(reason);
  await assert.rejects(soon(starting), reason);
});

Deno.test("startWorker() can start a component again: what it sends is a copy", async () => {
  const compiled = await compiledGuest("wat-echo");
  for (let round = 0; round < 2; round++) {
    await using executor = await startWorker(executorSpec(compiled));
    const result = await executor.call({ export: HANDLE, args: ["x"] });
    assert.deepEqual(withoutUsage(result), { ok: true, value: "ECHO: x" });
  }
});

/** How hostile code reaches the main isolate by itself. */
const POST = `
  import { workerData } from "node:worker_threads";
  const post = (message) => workerData.port.postMessage(message);
`;

const DEATHS: Readonly<Record<string, string>> = {
  "throws asynchronously": 'setTimeout(() => { throw new Error("the end"); }, 0)',
  "leaves a rejection unhandled": 'Promise.reject(new Error("the end"))',
  "posts what is no message": 'post("hello")',
  "posts an unknown message": 'post([\'{"type":"reboot"}\'])',
  "posts half a message": 'post([\'{"type":"failed","call":2}\'])',
};

for (const [what, statement] of Object.entries(DEATHS)) {
  Deno.test(`a worker that ${what} fails the calls under way, and says that it ended`, async () => {
    const executor = await startWorker(scriptedSpec(`
      ${POST}
      export function instantiate() {
        return { die() { ${statement}; return new Promise(() => {}); } };
      }`));
    try {
      const calls = [
        executor.call({ export: "die", args: [] }),
        executor.call({ export: "die", args: [] }),
      ];
      for (const result of await soon(Promise.all(calls))) {
        assert.equal(result.ok, false);
        assert.equal(!result.ok && result.failure.kind, "trap");
      }
      const error = await soon(executor.ended);
      assert.ok(error instanceof IsolationError);
      assert.equal(error.code, "ERR_WORKER_DIED");
      assert.match(error.message, /"tested"/);
      const after = await soon(executor.call({ export: "die", args: [] }));
      assert.equal(after.ok, false);
      executor.dispose(1);
    } finally {
      await executor[Symbol.asyncDispose]();
    }
  });
}

for (const statement of ["self.close()", "Deno.exit(0)"]) {
  Deno.test(`a worker cannot be ended from within by ${statement}, and goes on`, async () => {
    await using executor = await startWorker(scriptedSpec(`
      export function instantiate() {
        return { leave() { ${statement}; return new Promise(() => {}); }, stay() { return 1; } };
      }`));
    const left = await soon(executor.call({ export: "leave", args: [] }));
    assert.equal(!left.ok && left.failure.kind, "trap");
    assert.deepEqual(withoutUsage(await soon(executor.call({ export: "stay", args: [] }))), {
      ok: true,
      value: 1,
    });
  });
}

Deno.test("a worker answers for a call whose result cannot be sent, and goes on", async () => {
  await using executor = await startWorker(scriptedSpec(`
    const circular = {};
    circular.self = circular;
    export function instantiate() {
      return { circular: () => circular, fine: () => "fine" };
    }`));
  const result = await soon(executor.call({ export: "circular", args: [] }));
  assert.equal(result.ok, false);
  const next = await soon(executor.call({ export: "fine", args: [] }));
  assert.deepEqual(withoutUsage(next), { ok: true, value: "fine" });
});

Deno.test("a worker ignores an answer to a call that nobody made", async () => {
  await using executor = await startWorker(scriptedSpec(`
    ${POST}
    export function instantiate() {
      return {
        gossip() {
          post(['{"type":"returned","call":999}']);
          post(['{"type":"ready"}']);
          return "done";
        },
      };
    }`));
  const result = await soon(executor.call({ export: "gossip", args: [] }));
  assert.deepEqual(withoutUsage(result), { ok: true, value: "done" });
});

Deno.test("a call that was cancelled counts as cancelled when the guest returns all the same", async () => {
  await using executor = await startWorker(scriptedSpec(`
    export function instantiate() {
      return { slow: () => new Promise((resolve) => setTimeout(resolve, 50, "late")) };
    }`));
  const controller = new AbortController();
  const calling = executor.call({ export: "slow", args: [], signal: controller.signal });
  controller.abort(new Error("enough"));
  const result = await soon(calling);
  assert.equal(!result.ok && result.failure.kind, "cancelled");
  const next = await soon(executor.call({ export: "slow", args: [] }));
  assert.deepEqual(withoutUsage(next), { ok: true, value: "late" });
});

Deno.test("a worker sees no process, and has its stack traces deep", async () => {
  await using executor = await startWorker(scriptedSpec(`
    export function instantiate() {
      return { look: () => typeof process + " " + Error.stackTraceLimit };
    }`));
  const result = await executor.call({ export: "look", args: [] });
  assert.ok(result.ok);
  const [type, depth] = String(result.value).split(" ");
  assert.equal(type, "undefined");
  assert.ok(Number(depth) >= 20);
});

Deno.test("a busy guest ends as soon as it is cancelled, and its worker goes on", async () => {
  await using executor = await startWorker(executorSpec(await compiledGuest("wat-loop")));
  const controller = new AbortController();
  const request = { export: HANDLE, args: ["x"] };
  const calling = executor.call({ ...request, signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 100)); // let the guest begin
  const start = performance.now();
  controller.abort(new Error("enough"));
  const result = await soon(calling);
  const time = performance.now() - start;
  assert.deepEqual(withoutUsage(result), {
    ok: false,
    failure: { kind: "cancelled", message: "enough", stack: [] },
  });
  assert.ok(time < 400, `${time} ms`);
  const next = await soon(executor.call({ ...request, timeout: 50 }));
  assert.equal(!next.ok && next.failure.kind, "timeout");
});
