import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import type { CallResult } from "../../src/guest/runner.ts";
import type { CallRequest, Executor } from "../../src/isolation/isolation.ts";
import { Supervisor } from "../../src/isolation/supervisor.ts";
import { FakeClock, settled } from "../support/fake_clock.ts";

/** An executor that does what a test says. */
class FakeExecutor implements Executor {
  readonly #ended = Promise.withResolvers<Error | undefined>();
  readonly ended = this.#ended.promise;
  result: CallResult = { ok: true, value: "done" };
  calls = 0;
  disposed = 0;

  instantiate(): Promise<CallResult & { id: number }> {
    return Promise.resolve({ ...this.result, id: 1 });
  }

  call(_request: CallRequest): Promise<CallResult> {
    this.calls++;
    return Promise.resolve(this.result);
  }

  dispose(): void {}

  die(message: string): void {
    this.#ended.resolve(new Error(message));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed++;
    this.#ended.resolve(undefined);
    return Promise.resolve();
  }
}

const REQUEST: CallRequest = { export: "run", args: [] };

/** A supervisor whose starts are in a test's hand. */
class Setup {
  readonly clock = new FakeClock();
  readonly executors: FakeExecutor[] = [];
  readonly pauses: number[] = [];
  readonly messages: string[] = [];
  /** What the next starts fail with. */
  failure: Error | undefined;
  /** What the next starts wait for. */
  gate: Promise<void> = Promise.resolve();
  starts = 0;
  readonly supervisor = new Supervisor({
    clock: this.clock,
    start: async () => {
      this.starts++;
      await this.gate;
      if (this.failure !== undefined) throw this.failure;
      const executor = new FakeExecutor();
      this.executors.push(executor);
      return executor;
    },
    onFailure: ({ error, pause }) => {
      this.messages.push(error.message);
      this.pauses.push(pause);
    },
  });

  get last(): FakeExecutor {
    const executor = this.executors.at(-1);
    if (executor === undefined) throw new Error("Nothing was started");
    return executor;
  }
}

Deno.test("a supervisor starts nothing before it is asked", async () => {
  const setup = new Setup();
  await setup.clock.advance(60_000);
  assert.equal(setup.starts, 0);
  await setup.supervisor[Symbol.asyncDispose]();
  assert.equal(setup.starts, 0);
});

Deno.test("a supervisor starts one executor for concurrent callers, and keeps it", async () => {
  const setup = new Setup();
  const results = await Promise.all(
    Array.from({ length: 20 }, () => setup.supervisor.call(REQUEST)),
  );
  assert.ok(results.every(({ ok }) => ok));
  await setup.clock.advance(60_000);
  assert.equal((await setup.supervisor.call(REQUEST)).ok, true);
  assert.equal(await setup.supervisor.executor(), setup.last);
  assert.equal(setup.starts, 1);
  assert.equal(setup.last.calls, 21);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("a supervisor starts anew after a death, and not before its pause is over", async () => {
  const setup = new Setup();
  await setup.supervisor.call(REQUEST);
  setup.last.die("out of memory");
  await settled();
  assert.deepEqual(setup.messages, ["out of memory"]);
  assert.deepEqual(setup.pauses, [100]);
  assert.equal(setup.starts, 1); // nobody asked for another yet

  const calling = setup.supervisor.call(REQUEST);
  await setup.clock.advance(99);
  assert.equal(setup.starts, 1);
  await setup.clock.advance(1);
  assert.equal((await calling).ok, true);
  assert.equal(setup.starts, 2);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("a supervisor does not wait when the pause is over by the time of the next call", async () => {
  const setup = new Setup();
  await setup.supervisor.call(REQUEST);
  setup.last.die("gone");
  await setup.clock.advance(100);
  assert.equal((await setup.supervisor.call(REQUEST)).ok, true);
  await setup.supervisor[Symbol.asyncDispose]();
});

const PAUSES = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000];

Deno.test("a supervisor doubles the pause with each failed start, up to 30 s", async () => {
  const setup = new Setup();
  setup.failure = new Error("cannot start");
  for (const [index, pause] of PAUSES.entries()) {
    const calling = setup.supervisor.call(REQUEST);
    await setup.clock.advance(PAUSES[index - 1] ?? 0);
    const result = await calling;
    assert.equal(result.ok, false);
    assert.equal(!result.ok && result.failure.kind, "trap");
    assert.equal(!result.ok && result.failure.message, "cannot start");
    assert.equal(setup.starts, index + 1);
    assert.equal(setup.pauses.at(-1), pause);
  }
  assert.deepEqual(setup.pauses, PAUSES);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("a supervisor doubles the pause with each death too, and after a thousand of them", async () => {
  const setup = new Setup();
  for (let death = 0; death < 1_100; death++) {
    const starting = setup.supervisor.executor();
    setup.clock.jump(30_000);
    await setup.clock.advance(0);
    await starting;
    setup.last.die("again");
    await Promise.resolve();
    await settled();
  }
  assert.deepEqual(setup.pauses.slice(0, PAUSES.length), PAUSES);
  assert.equal(setup.pauses.at(-1), 30_000);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("a supervisor begins with the first pause again after a call that was ok", async () => {
  const setup = new Setup();
  for (let death = 0; death < 4; death++) {
    const starting = setup.supervisor.executor();
    await setup.clock.advance(30_000);
    await starting;
    setup.last.die("young");
    await settled();
  }
  const calling = setup.supervisor.call(REQUEST);
  await setup.clock.advance(30_000);
  assert.equal((await calling).ok, true);
  setup.last.die("old");
  await settled();
  assert.deepEqual(setup.pauses, [100, 200, 400, 800, 100]);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("a supervisor does not count a guest's own failure as one of the executor", async () => {
  const setup = new Setup();
  await setup.supervisor.executor();
  setup.last.result = { ok: false, failure: { kind: "trap", message: "unreachable", stack: [] } };
  const result = await setup.supervisor.call(REQUEST);
  assert.equal(!result.ok && result.failure.message, "unreachable");
  assert.deepEqual(setup.pauses, []);
  assert.equal(await setup.supervisor.executor(), setup.last);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("executor() rejects with what the start failed with, and tries again on the next call", async () => {
  const setup = new Setup();
  setup.failure = new TypeError("no flag");
  await assert.rejects(setup.supervisor.executor(), setup.failure);
  setup.failure = undefined;
  const starting = setup.supervisor.executor();
  await setup.clock.advance(100);
  assert.equal(await starting, setup.last);
  assert.deepEqual(setup.messages, ["no flag"]);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("call() never rejects when a start fails with what is no Error", async () => {
  const clock = new FakeClock();
  const messages: string[] = [];
  await using supervisor = new Supervisor({
    clock,
    start: () => Promise.reject("plain text"),
    onFailure: ({ error }) => messages.push(error.message),
  });
  const result = await supervisor.call(REQUEST);
  assert.equal(!result.ok && result.failure.message, "plain text");
  assert.deepEqual(messages, ["plain text"]);
});

Deno.test("a disposed supervisor stops its executor, and starts none again", async () => {
  const setup = new Setup();
  await setup.supervisor.call(REQUEST);
  await setup.supervisor[Symbol.asyncDispose]();
  await setup.supervisor[Symbol.asyncDispose]();
  assert.ok(setup.last.disposed >= 1);
  await setup.clock.advance(60_000);
  await assert.doesNotReject(setup.supervisor.call(REQUEST));
  assert.equal(setup.starts, 1);
  assert.deepEqual(setup.pauses, []);
  assert.equal(setup.clock.pending, 0);
});

Deno.test("a supervisor that was disposed before its first start never starts", async () => {
  const setup = new Setup();
  await setup.supervisor[Symbol.asyncDispose]();
  assert.equal((await setup.supervisor.call(REQUEST)).ok, false);
  await assert.rejects(setup.supervisor.executor());
  assert.equal(setup.starts, 0);
  assert.deepEqual(setup.pauses, []);
});

Deno.test("a supervisor that is disposed while it pauses starts nothing, and leaves no alarm", async () => {
  const setup = new Setup();
  await setup.supervisor.call(REQUEST);
  setup.last.die("gone");
  await settled();
  const calling = setup.supervisor.call(REQUEST);
  await settled();
  assert.equal(setup.clock.pending, 1);
  await setup.supervisor[Symbol.asyncDispose]();
  assert.equal((await calling).ok, false);
  assert.equal(setup.clock.pending, 0);
  assert.equal(setup.starts, 1);
  assert.deepEqual(setup.pauses, [100]);
});

Deno.test("a supervisor that is disposed during a start disposes what was started", async () => {
  const setup = new Setup();
  const gate = Promise.withResolvers<void>();
  setup.gate = gate.promise;
  const calling = setup.supervisor.call(REQUEST);
  await settled();
  assert.equal(setup.starts, 1);
  const disposing = setup.supervisor[Symbol.asyncDispose]();
  gate.resolve();
  await disposing;
  await calling;
  assert.equal(setup.last.disposed, 1);
});

Deno.test("call() gives cancelled at once when its signal fires during a pause", async () => {
  const setup = new Setup();
  await setup.supervisor.call(REQUEST);
  setup.last.die("gone");
  await settled();
  const controller = new AbortController();
  const { signal } = controller;
  const calling = setup.supervisor.call({ ...REQUEST, signal });
  await settled();
  controller.abort(new Error("enough"));
  assert.deepEqual(await calling, {
    ok: false,
    failure: { kind: "cancelled", message: "enough", stack: [] },
  });
  assert.equal(getEventListeners(signal, "abort").length, 0);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("call() does no harm to other callers when one is cancelled during the start", async () => {
  const setup = new Setup();
  const gate = Promise.withResolvers<void>();
  setup.gate = gate.promise;
  const controller = new AbortController();
  const cancelled = setup.supervisor.call({ ...REQUEST, signal: controller.signal });
  const patient = setup.supervisor.call(REQUEST);
  await settled();
  controller.abort(new Error("enough"));
  assert.equal((await cancelled).ok, false);
  gate.resolve();
  assert.equal((await patient).ok, true);
  assert.equal(setup.starts, 1);
  await setup.supervisor[Symbol.asyncDispose]();
});

Deno.test("call() leaves no listener on its signal when it returns", async () => {
  const setup = new Setup();
  const { signal } = new AbortController();
  await setup.supervisor.call({ ...REQUEST, signal });
  assert.equal(getEventListeners(signal, "abort").length, 0);
  await setup.supervisor[Symbol.asyncDispose]();
});
