import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { Admission } from "../../src/context/admission.ts";

/** Enters, and notes when it is let in. */
async function enter(admission: Admission, log: string[], name: string, signal?: AbortSignal) {
  const leave = await admission.enter(signal);
  log.push(leave === undefined ? `${name} refused` : name);
  return leave;
}

Deno.test("Admission lets in as many as may run at once, and the others in their order", async () => {
  const admission = new Admission({ maxConcurrency: 2, queue: 2 });
  const log: string[] = [];
  const [first, second] = [await enter(admission, log, "1"), await enter(admission, log, "2")];
  const third = enter(admission, log, "3");
  const fourth = enter(admission, log, "4");
  await Promise.resolve();
  assert.deepEqual(log, ["1", "2"]);
  second?.();
  await third;
  assert.deepEqual(log, ["1", "2", "3"]);
  first?.();
  await fourth;
  assert.deepEqual(log, ["1", "2", "3", "4"]);
});

Deno.test("Admission refuses what comes when too many wait already, and nothing after that", async () => {
  const admission = new Admission({ maxConcurrency: 1, queue: 1 });
  const log: string[] = [];
  const first = await enter(admission, log, "1");
  const second = enter(admission, log, "2");
  assert.equal(await enter(admission, log, "3"), undefined);
  first?.();
  const leave = await second;
  leave?.();
  await enter(admission, log, "4");
  assert.deepEqual(log, ["1", "3 refused", "2", "4"]);
});

Deno.test("Admission refuses at once when nothing may wait", async () => {
  const admission = new Admission({ maxConcurrency: 1, queue: 0 });
  const first = await admission.enter();
  assert.equal(await admission.enter(), undefined);
  first?.();
  assert.notEqual(await admission.enter(), undefined);
});

Deno.test("Admission forgets what no longer wants to wait, and gives its place to the next", async () => {
  const admission = new Admission({ maxConcurrency: 1, queue: 2 });
  const log: string[] = [];
  const first = await enter(admission, log, "1");
  const impatient = new AbortController();
  const second = enter(admission, log, "2", impatient.signal);
  const third = enter(admission, log, "3");
  impatient.abort(new Error("enough"));
  await assert.rejects(second, /enough/);
  first?.();
  await third;
  assert.deepEqual(log, ["1", "3"]);
});

Deno.test("Admission leaves no listener on a signal when the wait is over", async () => {
  const admission = new Admission({ maxConcurrency: 1, queue: 1 });
  const { signal } = new AbortController();
  const first = await admission.enter(signal);
  const second = admission.enter(signal);
  first?.();
  await second;
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

Deno.test("Admission lets nothing in when the signal has fired already", async () => {
  const admission = new Admission({ maxConcurrency: 1, queue: 1 });
  await assert.rejects(admission.enter(AbortSignal.abort(new Error("over"))), /over/);
  assert.notEqual(await admission.enter(), undefined);
});
