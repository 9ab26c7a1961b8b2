import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { IsolationError } from "../../src/errors.ts";
import { startInline } from "../../src/isolation/inline.ts";
import type { Executor, ExecutorSpec, Isolation } from "../../src/isolation/isolation.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import type { CallResult } from "../../src/guest/runner.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { jcoReady } from "../compile/jco_ready.ts";
import type { GuestName } from "../support/guests.ts";
import { executorSpec, HANDLE, scripted, type TestSpec } from "./executor_spec.ts";
import { NUMERIC_TYPES, typedComponent } from "./typed_component.ts";
import { withoutUsage } from "../support/without_usage.ts";

await jcoReady();

const ISOLATIONS: Readonly<Record<string, Isolation>> = {
  startInline,
  startWorker,
};

/** jco's scheduler looks again 10 ms after a guest was suspended, in whatever isolate it is. */
async function schedulerAtRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

function kindOf(result: CallResult): string {
  return result.ok ? "ok" : result.failure.kind;
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

for (const [isolation, start] of Object.entries(ISOLATIONS)) {
  /** Runs a test with an executor of a guest. */
  const test = (
    name: GuestName,
    what: string,
    run: (executor: Executor, spec: TestSpec) => Promise<void>,
  ) => {
    Deno.test(`an executor of ${isolation}() ${what}`, async () => {
      const spec = executorSpec(await compiledGuest(name));
      await using executor = await start(spec);
      try {
        await run(executor, spec);
      } finally {
        await schedulerAtRest();
      }
    });
  };

  test("wat-echo", "answers many concurrent calls, each with its own result", async (executor) => {
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, n) => executor.call({ export: HANDLE, args: [`${n} ä`] })),
    );
    assert.deepEqual(
      results.map(withoutUsage),
      Array.from({ length: 100 }, (_, n) => ({ ok: true, value: `ECHO: ${n} ä` })),
    );
  });

  const ANSWERS: readonly (readonly [GuestName, value: unknown])[] = [
    ["wat-two-versions", "00"],
    ["wat-ok-result", "all is well"],
    ["wat-no-param", undefined],
    ["qjs-echo", "ECHO: x"],
    ["sm-echo", "ECHO: x"],
  ];
  for (const [name, value] of ANSWERS) {
    test(name, `runs ${name}`, async (executor) => {
      const args = name === "wat-no-param" ? [] : ["x"];
      assert.deepEqual(withoutUsage(await executor.call({ export: HANDLE, args })), {
        ok: true,
        value,
      });
    });
  }

  test("wat-count", "gives fresh state to every call without an instance", async (executor) => {
    for (let round = 0; round < 3; round++) {
      const result = await executor.call({ export: HANDLE, args: ["x"] });
      assert.deepEqual(withoutUsage(result), { ok: true, value: "1 1" });
    }
  });

  test("wat-count", "keeps the state of an instance until it is disposed", async (executor) => {
    const [a, b] = [await executor.instantiate({}), await executor.instantiate({})];
    assert.ok(a.ok && b.ok);
    assert.notEqual(a.id, b.id);
    const values: unknown[] = [];
    for (const id of [a.id, a.id, b.id, a.id]) {
      const result = await executor.call({ export: HANDLE, args: ["x"] }, id);
      values.push(result.ok && result.value);
    }
    assert.deepEqual(values, ["1 1", "2 2", "1 1", "3 3"]);
    executor.dispose(a.id);
    executor.dispose(a.id);
    executor.dispose(12_345);
    assert.equal(kindOf(await executor.call({ export: HANDLE, args: ["x"] }, a.id)), "cancelled");
    assert.equal(kindOf(await executor.call({ export: HANDLE, args: ["x"] }, b.id)), "ok");
  });

  test("wat-trap", "goes on after a trap", async (executor) => {
    for (let round = 0; round < 3; round++) {
      const result = await executor.call({ export: HANDLE, args: ["x"] });
      assert.equal(kindOf(result), "trap");
      assert.match(result.ok ? "" : result.failure.stack[0] ?? "", /^the_culprit \(/);
    }
  });

  test("wat-recurse", "goes on after a guest ran out of stack", async (executor) => {
    for (let round = 0; round < 3; round++) {
      assert.equal(kindOf(await executor.call({ export: HANDLE, args: ["x"] })), "trap");
    }
  });

  test(
    "wat-stdout",
    "hands on all that a guest wrote before its result",
    async (executor, spec) => {
      assert.equal(kindOf(await executor.call({ export: HANDLE, args: ["x"] })), "ok");
      assert.deepEqual(spec.output, [
        { stream: "stdout", line: "out one" },
        { stream: "stdout", line: "out two" },
        { stream: "stderr", line: "err one" },
        { stream: "stdout", line: "out three" },
        { stream: "stdout", line: "out open" },
        { stream: "stderr", line: "err open" },
      ]);
    },
  );

  test(
    "wat-sleep-long",
    "ends a sleeping guest at once when the call is cancelled",
    async (executor) => {
      const controller = new AbortController();
      const { signal } = controller;
      const calling = executor.call({ export: HANDLE, args: ["x"], signal });
      const other = executor.call({ export: HANDLE, args: ["x"] });
      await schedulerAtRest(); // let the guests fall asleep
      let otherEnded = false;
      other.then(() => otherEnded = true);
      controller.abort(new Error("enough"));
      assert.deepEqual(withoutUsage(await soon(calling)), {
        ok: false,
        failure: { kind: "cancelled", message: "enough", stack: [] },
      });
      assert.equal(otherEnded, false); // as it would be, had the guest counted as busy
      assert.equal(getEventListeners(signal, "abort").length, 0);
      await executor[Symbol.asyncDispose]();
      assert.notEqual(kindOf(await soon(other)), "ok");
    },
  );

  test("wat-stdout", "runs no guest when the signal has fired already", async (executor, spec) => {
    const signal = AbortSignal.abort(new Error("never mind"));
    const result = await executor.call({ export: HANDLE, args: ["x"], signal });
    assert.deepEqual(withoutUsage(result), {
      ok: false,
      failure: { kind: "cancelled", message: "never mind", stack: [] },
    });
    assert.equal(kindOf(await executor.instantiate({ signal })), "cancelled");
    assert.deepEqual(spec.output, []);
  });

  test(
    "wat-sleep",
    "lets an instance live on when the signal of its start fires later",
    async (executor) => {
      const controller = new AbortController();
      const made = await executor.instantiate({ signal: controller.signal });
      controller.abort(new Error("the start is over"));
      const result = await soon(executor.call({ export: HANDLE, args: ["x"] }, made.id));
      assert.deepEqual(withoutUsage(result), { ok: true, value: "" });
    },
  );

  test("wat-sleep", "settles two calls of one instance at the same time", async (executor) => {
    const { id } = await executor.instantiate({});
    const calls = [0, 1].map(() => executor.call({ export: HANDLE, args: ["x"] }, id));
    const kinds = (await soon(Promise.all(calls))).map(kindOf);
    assert.ok(kinds.includes("ok"), kinds.join());
  });

  test(
    "wat-echo",
    "takes no call once it is disposed, and says that it ended",
    async (executor) => {
      await executor[Symbol.asyncDispose]();
      await executor[Symbol.asyncDispose]();
      assert.equal(await soon(executor.ended), undefined);
      assert.notEqual(kindOf(await soon(executor.call({ export: HANDLE, args: ["x"] }))), "ok");
      assert.notEqual(kindOf(await soon(executor.instantiate({}))), "ok");
      executor.dispose(1);
    },
  );

  test("wat-echo", "says so when there is no such export", async (executor) => {
    const result = await executor.call({ export: "not-there", args: [] });
    assert.equal(kindOf(result), "trap");
    assert.match(result.ok ? "" : result.failure.message, /not-there/);
  });

  Deno.test(`an executor of ${isolation}() goes on when its onOutput throws`, async () => {
    let lines = 0;
    const onOutput: ExecutorSpec["onOutput"] = () => {
      lines++;
      throw new Error("The disk is full");
    };
    await using executor = await start(
      executorSpec(await compiledGuest("wat-stdout"), { onOutput }),
    );
    const first = await executor.call({ export: HANDLE, args: ["x"] });
    const second = await executor.call({ export: HANDLE, args: ["x"] });
    assert.deepEqual([kindOf(first), kindOf(second)], ["ok", "ok"]);
    assert.equal(lines, 12);
  });

  Deno.test(`${isolation}() rejects, and nothing else does, when a core module is not valid`, async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      unhandled.push(event.reason);
    };
    addEventListener("unhandledrejection", onUnhandled);
    try {
      const compiled = {
        ...scripted("export function instantiate() { return {}; }"),
        modules: new Map([["component.core.wasm", Uint8Array.of(1, 2, 3)]]),
      };
      await assert.rejects(start(executorSpec(compiled)), (error) => {
        if (isolation === "startWorker") {
          assert.ok(error instanceof IsolationError);
          assert.equal(error.code, "ERR_WORKER_START");
        }
        return true;
      });
      assert.deepEqual(unhandled, []);
    } finally {
      removeEventListener("unhandledrejection", onUnhandled);
    }
  });
}

const typed = await typedComponent();

for (const [isolation, start] of Object.entries(ISOLATIONS)) {
  for (const type of NUMERIC_TYPES) {
    Deno.test(`a list<${type}> goes through ${isolation}() as jco maps it`, async () => {
      await using executor = await start(executorSpec(typed));
      const given = await executor.call({ export: `give-${type}`, args: [] });
      assert.ok(given.ok && ArrayBuffer.isView(given.value), Deno.inspect(given));
      const counted = await executor.call({ export: `count-${type}`, args: [given.value] });
      assert.deepEqual(withoutUsage(counted), { ok: true, value: 2 });
    });
  }

  Deno.test(`an f64 that is no number goes through ${isolation}()`, async () => {
    await using executor = await start(executorSpec(typed));
    const result = await executor.call({ export: "give-nan", args: [] });
    assert.deepEqual(withoutUsage(result), { ok: true, value: NaN });
  });

  Deno.test(`bytes stay the caller's when they are given to ${isolation}()`, async () => {
    await using executor = await start(executorSpec(typed));
    const bytes = Uint8Array.of(1, 2, 3);
    for (let round = 0; round < 2; round++) {
      const result = await executor.call({ export: "count-u8", args: [bytes] });
      assert.deepEqual(withoutUsage(result), { ok: true, value: 3 });
    }
    assert.deepEqual(bytes, Uint8Array.of(1, 2, 3));
  });

  const circular: unknown[] = [];
  circular.push(circular);
  const impossible: Readonly<Record<string, unknown>> = {
    "a circular list": circular,
    "a function": () => {},
    "a symbol": Symbol("s"),
    "nothing": undefined,
  };
  for (const [what, argument] of Object.entries(impossible)) {
    Deno.test(`call() of ${isolation}() does not reject, and goes on, when given ${what}`, async () => {
      await using executor = await start(executorSpec(typed));
      const result = await executor.call({ export: "count-u8", args: [argument] });
      assert.equal(typeof result.ok, "boolean");
      const next = await executor.call({ export: "count-u8", args: [[1, 2]] });
      assert.deepEqual(withoutUsage(next), { ok: true, value: 2 });
    });
  }
}
