// Cancels a guest that never returns, prints what came of it as JSON, and exits with the thread.

import { IsolationError } from "../../src/errors.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { executorSpec, HANDLE } from "./executor_spec.ts";

const executor = await startWorker(executorSpec(await compiledGuest("wat-loop")));
const controller = new AbortController();
const calling = executor.call({ export: HANDLE, args: ["x"], signal: controller.signal });
const waiting = executor.call({ export: HANDLE, args: ["x"] });
await new Promise((resolve) => setTimeout(resolve, 100)); // let the guest begin
const start = performance.now();
controller.abort(new Error("enough"));
const result = await calling;
const milliseconds = performance.now() - start;
const neighbour = await waiting;
const ended = await executor.ended;
const code = ended instanceof IsolationError ? ended.code : String(ended);
const text = JSON.stringify({ result, neighbour, code, milliseconds });
Deno.stdout.writeSync(new TextEncoder().encode(text));
Deno.exit(0);
