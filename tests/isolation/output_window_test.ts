import assert from "node:assert/strict";
import { OutputWindow } from "../../src/isolation/output_window.ts";

const LINE = "x".repeat(1_000);
const LINES = 200;

/** Runs the worker, and calls back with each line that it was let through with. */
async function run(window: OutputWindow, onLine: (count: number) => void): Promise<void> {
  const worker = new Worker(new URL("./output_window_worker.ts", import.meta.url), {
    type: "module",
  });
  const ended = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<number>) => {
    onLine(data);
    if (data === LINES) ended.resolve();
  };
  worker.postMessage(window.memory);
  await ended.promise;
  worker.terminate();
}

Deno.test("OutputWindow holds a worker back until its lines were taken", async () => {
  const window = new OutputWindow();
  const counter = new Int32Array(window.memory);
  let most = 0;
  await run(window, () => {
    most = Math.max(most, Atomics.load(counter, 0));
    window.leave(LINE.length);
  });
  assert.ok(most > LINE.length, "lines were under way");
  assert.ok(most < 70_000, `${most} were under way at once`);
  assert.equal(Atomics.load(counter, 0), 0);
});

Deno.test("OutputWindow holds nobody back once it is closed", async () => {
  const window = new OutputWindow();
  let lines = 0;
  await run(window, (count) => {
    lines = count;
    if (count === 10) window.close(); // and none of the lines is ever taken
  });
  assert.equal(lines, LINES);
});
