// What no fuel can see: host code that is busy, and a heap that is full. The thread is ended, and
// everything else goes on. Each guest here is a script in the place of jco's module.

import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { IsolationError } from "../../src/errors.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { executorSpec, HANDLE, scripted } from "./executor_spec.ts";

const BUSY: Readonly<Record<string, string>> = {
  "loops in JavaScript": "for (;;);",
  "loops in a regular expression": '/^(a+)+$/.test("a".repeat(40) + "b")',
  "sleeps without end": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "fills its heap": "const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))",
};

/** The processor time (ms) that this process has used. */
function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

for (const [what, statement] of Object.entries(BUSY)) {
  Deno.test(`a thread that ${what} is ended soon after the deadline, and burns no more`, async () => {
    await using neighbour = await startWorker(executorSpec(await compiledGuest("wat-echo")));
    await using executor = await startWorker(executorSpec(scripted(`
      export function instantiate() {
        return { run() { ${statement}; }, rest: () => "rested" };
      }`)));
    const timeout = 300;
    const start = performance.now();
    const result = await executor.call({ export: "run", args: [], timeout });
    const time = performance.now() - start;
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, "timeout");
    const error = await executor.ended;
    assert.ok(error instanceof IsolationError);
    assert.equal(error.code, "ERR_WORKER_BUSY");
    assert.match(error.message, /was stopped/);
    assert.ok(time > timeout && time < 10_000, `${time} ms`);

    const before = processorTime();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const burnt = processorTime() - before;
    assert.ok(burnt < 150, `${burnt} ms of processor time in 300 ms`);
    assert.deepEqual(await neighbour.call({ export: HANDLE, args: ["x"] }), {
      ok: true,
      value: "ECHO: x",
    });
  });
}
