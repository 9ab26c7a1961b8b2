// Calls a guest that keeps its thread busy in JavaScript, and prints what came of it as JSON. A
// process of its own, so that the processor time is its own too.

import { cpuUsage } from "node:process";
import { IsolationError } from "../../src/errors.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { executorSpec, HANDLE, scripted } from "./executor_spec.ts";
import { withoutUsage } from "../support/without_usage.ts";

function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

const [statement = ""] = Deno.args;
await using neighbour = await startWorker(executorSpec(await compiledGuest("wat-echo")));
await using executor = await startWorker(executorSpec(scripted(`
  export function instantiate() {
    return { run() { ${statement}; } };
  }`)));
const timeout = 300;
const start = performance.now();
const result = await executor.call({ export: "run", args: [], timeout });
const overrun = performance.now() - start - timeout;
const ended = await executor.ended;
const before = processorTime();
await new Promise((resolve) => setTimeout(resolve, 500));
const burnt = processorTime() - before;
const text = JSON.stringify({
  kind: result.ok ? "ok" : result.failure.kind,
  overrun,
  burnt,
  code: ended instanceof IsolationError ? ended.code : String(ended),
  message: ended?.message,
  neighbour: withoutUsage(await neighbour.call({ export: HANDLE, args: ["x"] })),
});
Deno.stdout.writeSync(new TextEncoder().encode(text));
