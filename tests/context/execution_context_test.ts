import assert from "node:assert/strict";
import type { Application } from "../../src/app/application.ts";
import {
  ExecutionContext,
  type ExecutionContextOptions,
  type IsolationName,
  type PreparingProgress,
} from "../../src/context/execution_context.ts";
import { GuestError } from "../../src/context/guest_error.ts";
import type { Instance } from "../../src/context/instance.ts";
import { createLoader } from "../../src/loader/loader.ts";
import { tempDirectory } from "../loader/temp_directory.ts";
import { FakeClock } from "../support/fake_clock.ts";
import type { GuestName } from "../support/guests.ts";
import { applicationOf } from "./application_of.ts";
import { withoutUsage } from "../support/without_usage.ts";

const HANDLE = "handle-timer-request";
const ISOLATIONS: readonly IsolationName[] = ["worker", "inline"];

async function contextOf(
  components: readonly GuestName[],
  options: ExecutionContextOptions = {},
): Promise<ExecutionContext> {
  return await ExecutionContext.create(await applicationOf({ components }), options);
}

async function instanceOf(context: ExecutionContext, id: GuestName): Promise<Instance> {
  return await (await context.prepareComponent(id)).instantiate();
}

Deno.test("ExecutionContext.create() makes a context without touching any component", async () => {
  const progress: PreparingProgress[] = [];
  const application: Application = await applicationOf({
    components: [{ guest: "wat-echo", source: { kind: "path", path: "/not/there.wasm" } }],
  });
  await using context = await ExecutionContext.create(application, {
    onPreparing: (one) => progress.push(one),
  });
  assert.equal(context.application, application);
  assert.deepEqual(progress, []);
});

Deno.test("ExecutionContext.create() rejects, and leaves no directory, when variables are wrong", async () => {
  await using temp = await tempDirectory();
  const former = Deno.env.get("TMPDIR");
  Deno.env.set("TMPDIR", temp.path);
  try {
    await assert.rejects(contextOf(["wat-echo"], { variables: { x: "1" } }), {
      code: "ERR_UNKNOWN_VARIABLE",
    });
    assert.deepEqual([...Deno.readDirSync(temp.path)], []);
  } finally {
    if (former === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", former);
  }
});

Deno.test("prepareComponent() prepares a component once, and says when it begins and is ready", async () => {
  const progress: PreparingProgress[] = [];
  await using context = await contextOf(["wat-sleep"], {
    onPreparing: (one) => progress.push(one),
  });
  const all = await Promise.all([0, 1, 2].map(() => context.prepareComponent("wat-sleep")));
  assert.equal(new Set(all).size, 1);
  assert.equal(await context.prepareComponent("wat-sleep"), all[0]);
  assert.deepEqual(progress, [
    { component: "wat-sleep", ready: false },
    { component: "wat-sleep", ready: true },
  ]);
  const [prepared] = all;
  assert.equal(prepared?.component.id, "wat-sleep");
  assert.deepEqual(prepared?.world.exports.map(({ name }) => name), [HANDLE]);
  assert.deepEqual(prepared?.permissions, {
    env: false,
    ffi: false,
    import: false,
    net: false,
    read: false,
    run: false,
    sys: false,
    write: false,
  });
});

Deno.test("prepareComponent() rejects when there is no such component, and does not throw", async () => {
  await using context = await contextOf(["wat-echo"]);
  let preparing: Promise<unknown> | undefined;
  assert.doesNotThrow(() => {
    preparing = context.prepareComponent("nobody");
  });
  await assert.rejects(async () => await preparing, { code: "ERR_UNKNOWN_COMPONENT" });
});

Deno.test("prepareComponent() rejects with the code of what is wrong", async () => {
  const application = await applicationOf({
    components: [
      "wat-unknown-import",
      { guest: "wat-echo", id: "gone", source: { kind: "path", path: "not/there.wasm" } },
      { guest: "wat-echo", id: "files", files: [{ kind: "pattern", pattern: "not-there.txt" }] },
    ],
  });
  await using context = await ExecutionContext.create(application);
  const codes = await Promise.all(
    application.components.map(({ id }) =>
      context.prepareComponent(id).then(() => "fine", (error) => error.code)
    ),
  );
  assert.equal(codes[0], "ERR_IMPORT_NOT_PROVIDED");
  assert.equal(codes[1], "ERR_SOURCE_NOT_FOUND");
  assert.match(codes[2], /^ERR_/);
});

Deno.test("a disposed context prepares nothing more, and can be disposed again", async () => {
  const context = await contextOf(["wat-echo"]);
  await context.prepareComponent("wat-echo");
  await Promise.all([context[Symbol.asyncDispose](), context[Symbol.asyncDispose]()]);
  await context[Symbol.asyncDispose]();
  await assert.rejects(async () => await context.prepareComponent("wat-echo"));
});

Deno.test("a context that is disposed while it prepares rejects what is under way", async () => {
  const context = await contextOf(["wat-echo", "qjs-echo"]);
  const preparing = [
    context.prepareComponent("wat-echo"),
    context.prepareComponent("qjs-echo"),
  ].map((one) => assert.rejects(one));
  await context[Symbol.asyncDispose]();
  await Promise.all(preparing);
});

Deno.test("a context's signal ends what is under way with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await using context = await contextOf(["wat-echo"], {
    signal: controller.signal,
    onPreparing: () => controller.abort(reason),
  });
  await assert.rejects(context.prepareComponent("wat-echo"), reason);
});

Deno.test("a context loads with the loader that it is given", async () => {
  await using temp = await tempDirectory();
  const asked: string[] = [];
  const files = createLoader({ cacheDir: temp.path });
  await using context = await contextOf(["wat-echo"], {
    isolation: "inline",
    loader: {
      load(request) {
        asked.push(request.componentId);
        return files.load(request);
      },
    },
  });
  using instance = await instanceOf(context, "wat-echo");
  assert.equal(await instance.call(HANDLE, "x"), "ECHO: x");
  assert.deepEqual(asked, ["wat-echo"]);
});

Deno.test("a context keeps compiled components in its cache directory, for the next one", async () => {
  await using temp = await tempDirectory();
  for (let round = 0; round < 2; round++) {
    await using context = await contextOf(["wat-echo"], { cacheDir: temp.path });
    await context.prepareComponent("wat-echo");
    assert.equal([...Deno.readDirSync(`${temp.path}/components`)].length, 1);
  }
});

for (const isolation of ISOLATIONS) {
  Deno.test(`an instance keeps its state until it is disposed (${isolation})`, async () => {
    await using context = await contextOf(["wat-count"], { isolation });
    using a = await instanceOf(context, "wat-count");
    using b = await instanceOf(context, "wat-count");
    assert.equal(await a.call(HANDLE, "x"), "1 1");
    assert.equal(await a.call(HANDLE, "x"), "2 2");
    assert.equal(await b.call(HANDLE, "x"), "1 1");
    a[Symbol.dispose]();
    await assert.rejects(a.call(HANDLE, "x"), { code: "ERR_CANCELLED" });
    assert.equal(await b.call(HANDLE, "x"), "2 2");
  });

  const FAILURES: readonly (readonly [GuestName, string])[] = [
    ["wat-trap", "ERR_TRAP"],
    ["wat-err-result", "ERR_GUEST"],
    ["wat-exit", "ERR_GUEST"],
  ];
  for (const [name, code] of FAILURES) {
    Deno.test(`call() of an instance rejects with ${code}, naming the component, for ${name} (${isolation})`, async () => {
      await using context = await contextOf([name], { isolation });
      using instance = await instanceOf(context, name);
      await assert.rejects(instance.call(HANDLE, "x"), (error) => {
        assert.ok(error instanceof GuestError);
        assert.equal(error.code, code);
        assert.ok(error.message.includes(name));
        assert.equal(error.failure.kind, code === "ERR_TRAP" ? "trap" : "guest-error");
        return true;
      });
    });
  }

  Deno.test(`a context hands on what guests write, with the component's id (${isolation})`, async () => {
    const lines: string[] = [];
    await using context = await contextOf(["wat-stdout"], {
      isolation,
      onOutput: ({ component, stream, line }) => lines.push(`${component} ${stream} ${line}`),
    });
    const prepared = await context.prepareComponent("wat-stdout");
    const result = await prepared.call({ export: HANDLE, args: ["x"] });
    assert.equal(result.ok, true);
    assert.deepEqual(lines, [
      "wat-stdout stdout out one",
      "wat-stdout stdout out two",
      "wat-stdout stderr err one",
      "wat-stdout stdout out three",
      "wat-stdout stdout out open",
      "wat-stdout stderr err open",
    ]);
  });
}

Deno.test("warmUp() starts the worker, which the first call then finds", async () => {
  await using context = await contextOf(["wat-echo"]);
  const prepared = await context.prepareComponent("wat-echo");
  await prepared.warmUp();
  const result = await prepared.call({ export: HANDLE, args: ["x"] });
  assert.deepEqual(withoutUsage(result), { ok: true, value: "ECHO: x" });
});

/** Puts workers that fail to start in the place of all, until the end of the block. */
function brokenWorkers(): Disposable {
  const original = globalThis.Worker;
  globalThis.Worker = class extends original {
    constructor() {
      super("data:text/javascript,throw new Error('broken')", { type: "module" });
    }
  };
  return {
    [Symbol.dispose]: () => {
      globalThis.Worker = original;
    },
  };
}

Deno.test("instantiate() ends at once when its signal fires while the worker's restart waits", async () => {
  const clock = new FakeClock();
  const pauses: number[] = [];
  await using context = await contextOf(["wat-echo"], {
    clock,
    onWorkerFailure: ({ pause }) => pauses.push(pause),
  });
  const prepared = await context.prepareComponent("wat-echo");
  {
    using _broken = brokenWorkers();
    await assert.rejects(prepared.instantiate());
  }
  assert.deepEqual(pauses, [100]);
  const controller = new AbortController();
  const instantiating = prepared.instantiate({ signal: controller.signal });
  const settled = instantiating.then(() => "made", () => "rejected");
  controller.abort(new Error("enough"));
  const late = new Promise<string>((resolve) => setTimeout(resolve, 500, "late"));
  const outcome = await Promise.race([settled, late]);
  await clock.advance(100);
  await settled;
  await late;
  assert.equal(outcome, "rejected");
});
