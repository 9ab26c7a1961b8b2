import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import type { ExecutionContextOptions } from "../../src/context/execution_context.ts";
import { StartError } from "../../src/errors.ts";
import type { Stopped } from "../../src/runtime/events.ts";
import { start, type StartOptions } from "../../src/runtime/start.ts";
import { applicationOf, type TestApplication } from "../context/application_of.ts";
import { tempDirectory } from "../loader/temp_directory.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordedRun } from "./recorded_run.ts";

/** Starts an application on a clock that the test moves. */
async function startOn(
  clock: FakeClock,
  run: RecordedRun,
  test: TestApplication,
  options: Partial<StartOptions> = {},
) {
  return await start(await applicationOf(test), {
    clock,
    events: run.events,
    isolation: "inline",
    ...options,
  });
}

/** Moves time to the next tick, and gives what came of it. */
async function nextOutcome(clock: FakeClock, run: RecordedRun, milliseconds = 1_000) {
  const outcome = run.next("outcome");
  await clock.advance(milliseconds);
  return await outcome;
}

/** jco's scheduler looks again 10 ms after a guest was suspended. */
async function schedulerAtRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

for (const isolation of ["inline", "worker"] as const) {
  Deno.test(`an application runs from start to stop, with its events in order (${isolation})`, async () => {
    const clock = new FakeClock();
    const run = new RecordedRun();
    const test = { components: ["wat-stdout"] } as const;
    const app = await startOn(clock, run, test, { isolation });
    assert.deepEqual(run.of("started"), [{
      application: "test-app",
      triggers: [{
        id: "timer-0",
        type: "timer",
        component: "wat-stdout",
        description: "every 1 s",
      }],
    }]);
    const { duration: _, usage, ...outcome } = await nextOutcome(clock, run);
    assert.equal(usage?.output, 50);
    assert.deepEqual(outcome, {
      kind: "ok",
      component: "wat-stdout",
      trigger: "timer-0",
      event: "2026-01-01T00:00:01.000Z",
      value: "",
    });
    const stopped = await app.stop();
    assert.deepEqual(stopped, { ok: 1, failed: 0, skipped: 0, forced: false });
    assert.deepEqual(await app.finished, stopped);
    assert.deepEqual(run.names, [
      ...["preparing", "preparing", "started"],
      ...["output", "output", "output", "output", "output", "output", "outcome"],
      ...["stopping", "stopped"],
    ]);
    assert.deepEqual(run.of("preparing").map(({ ready }) => ready), [false, true]);
    assert.deepEqual(run.of("stopping"), [{ running: 0, grace: 5_000 }]);
    assert.deepEqual(run.of("output")[0], {
      component: "wat-stdout",
      stream: "stdout",
      line: "out one",
    });
    assert.equal(clock.pending, 0);
  });
}

Deno.test("an application goes on after failures of every kind, each on fresh state", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const components = [
    "wat-trap",
    "wat-err-result",
    "wat-exit",
    "wat-recurse",
    "wat-count",
  ] as const;
  const app = await startOn(clock, run, { components });
  for (let round = 1; round <= 3; round++) {
    const all = new Promise<void>((resolve) => {
      const end = run.events.on("outcome", () => {
        if (run.of("outcome").length < round * components.length) return;
        end();
        resolve();
      });
    });
    await clock.advance(1_000);
    await all;
  }
  const stopped = await app.stop();
  assert.deepEqual(stopped, { ok: 3, failed: 12, skipped: 0, forced: false });
  const kinds = new Set(run.of("outcome").map(({ component, kind }) => `${component} ${kind}`));
  assert.deepEqual([...kinds].sort(), [
    "wat-count ok",
    "wat-err-result guest-error",
    "wat-exit guest-error",
    "wat-recurse trap",
    "wat-trap trap",
  ]);
  for (const { component, value } of run.of("outcome")) {
    if (component === "wat-count") assert.equal(value, "1 1");
  }
});

Deno.test("several timers on one component are several timers, with one preparation", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const app = await startOn(clock, run, {
    components: ["wat-echo"],
    timers: [["wat-echo", 1_000], ["wat-echo", 400]],
  });
  // Step by step, for an event takes real time, in which no time passes on the clock.
  for (const step of [400, 400, 200, 200, 400]) await nextOutcome(clock, run, step);
  await nextOutcome(clock, run, 400);
  await app.stop({ grace: 1_000 });
  const ticks = (trigger: string) =>
    run.of("outcome").filter((outcome) => outcome.trigger === trigger).length;
  assert.deepEqual([ticks("timer-0"), ticks("timer-1")], [2, 5]);
  assert.equal(run.of("preparing").length, 2);
});

Deno.test("an application in once mode fires every trigger once and finishes by itself", async () => {
  const run = new RecordedRun();
  const app = await startOn(new FakeClock(), run, { components: ["wat-echo", "wat-trap"] }, {
    once: true,
  });
  assert.deepEqual(await app.finished, { ok: 1, failed: 1, skipped: 0, forced: false });
  assert.deepEqual(run.of("outcome").map(({ component }) => component).sort(), [
    "wat-echo",
    "wat-trap",
  ]);
});

Deno.test("an application that has finished says nothing more when it is stopped", async () => {
  const run = new RecordedRun();
  const controller = new AbortController();
  const options = { once: true, signal: controller.signal };
  const app = await startOn(new FakeClock(), run, { components: ["wat-echo"] }, options);
  const finished = await app.finished;
  const before = [...run.names];
  assert.equal(before.at(-1), "stopped");
  assert.deepEqual(await app.stop(), finished);
  await app[Symbol.asyncDispose]();
  controller.abort();
  await app.finished;
  assert.deepEqual(run.names, before);
});

Deno.test("an application that has finished leaves no listener on its signal", async () => {
  const { signal } = new AbortController();
  const app = await startOn(new FakeClock(), new RecordedRun(), { components: ["wat-echo"] }, {
    once: true,
    signal,
  });
  await app.finished;
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

Deno.test("stop() lets a running event end when the grace is long enough", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const app = await startOn(clock, run, { components: ["wat-sleep"] });
  await clock.advance(1_000);
  const stopped = await app.stop({ grace: 60_000 });
  assert.deepEqual(stopped, { ok: 1, failed: 0, skipped: 0, forced: false });
  assert.deepEqual(run.of("stopping"), [{ running: 1, grace: 60_000 }]);
  assert.equal(clock.pending, 0);
  await schedulerAtRest();
});

for (const isolation of ["inline", "worker"] as const) {
  Deno.test(`stop() cancels a sleeping guest when the grace is over, not before (${isolation})`, async () => {
    const clock = new FakeClock();
    const run = new RecordedRun();
    const app = await startOn(clock, run, {
      components: ["wat-sleep-long"],
      timers: [["wat-sleep-long", 10_000]],
    }, { isolation });
    await clock.advance(10_000);
    let stopped: Stopped | undefined;
    const stopping = app.stop({ grace: 2_000 }).then((value) => stopped = value);
    await clock.advance(1_999);
    assert.equal(stopped, undefined);
    await clock.advance(1);
    assert.deepEqual(await stopping, { ok: 0, failed: 1, skipped: 0, forced: true });
    assert.deepEqual(run.of("outcome").map(({ kind }) => kind), ["cancelled"]);
    assert.deepEqual(run.names.slice(-3), ["stopping", "outcome", "stopped"]);
    assert.equal(clock.pending, 0);
    await schedulerAtRest();
  });
}

Deno.test("stop() shortens the wait, and says nothing more, when it is called again", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const app = await startOn(clock, run, { components: ["wat-sleep-long"] });
  await clock.advance(1_000);
  const first = app.stop({ grace: 3_600_000 });
  const second = app.stop({ grace: 10 });
  await clock.advance(10);
  assert.deepEqual(await first, await second);
  assert.equal((await first).forced, true);
  assert.equal(run.of("stopping").length, 1);
  assert.equal(run.of("stopped").length, 1);
  assert.equal(clock.pending, 0);
  await schedulerAtRest();
});

Deno.test("a signal stops an application, with the grace that start() was given", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const controller = new AbortController();
  const app = await startOn(clock, run, { components: ["wat-sleep-long"] }, {
    signal: controller.signal,
    grace: 700,
  });
  await clock.advance(1_000);
  controller.abort(new Error("Ctrl-C"));
  assert.deepEqual(run.of("stopping"), [{ running: 1, grace: 700 }]);
  await clock.advance(700);
  assert.equal((await app.finished).forced, true);
  await schedulerAtRest();
});

Deno.test("an application is stopped at the end of its block", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  {
    await using _app = await startOn(clock, run, { components: ["wat-echo"] });
  }
  assert.deepEqual(run.names.slice(-2), ["stopping", "stopped"]);
  assert.equal(clock.pending, 0);
});

Deno.test("a listener that throws does no harm", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const names = ["preparing", "started", "output", "outcome", "stopping", "stopped"] as const;
  for (const name of names) {
    run.events.on(name, () => {
      throw new Error(`no ${name}`);
    });
  }
  const app = await startOn(clock, run, { components: ["wat-stdout"] }, { isolation: "worker" });
  const { kind } = await nextOutcome(clock, run);
  assert.equal(kind, "ok");
  assert.deepEqual(await app.stop(), { ok: 1, failed: 0, skipped: 0, forced: false });
});

Deno.test("start() rejects with one StartError that holds every problem", async () => {
  const run = new RecordedRun();
  const starting = startOn(new FakeClock(), run, {
    components: [
      "wat-echo",
      "wat-no-export",
      "wat-unknown-import",
      { guest: "wat-echo", id: "gone", source: { kind: "path", path: "not/there.wasm" } },
      { guest: "wat-wrong-signature", id: "wrong" },
    ],
  });
  await assert.rejects(starting, (error) => {
    assert.ok(error instanceof StartError);
    assert.equal(error.code, "ERR_START");
    const problems = error.errors.map((one) => {
      assert.ok(one instanceof Error);
      return `${"code" in one ? one.code : "?"} ${/component "([^"]+)"/i.exec(one.message)?.[1]}`;
    });
    assert.deepEqual(problems.sort(), [
      "ERR_IMPORT_NOT_PROVIDED wat-unknown-import",
      "ERR_NO_ENTRY_POINT wat-no-export",
      "ERR_NO_ENTRY_POINT wrong",
      "ERR_SOURCE_NOT_FOUND gone",
    ]);
    const messages = error.errors.map(String).join("\n");
    assert.match(messages, /acme:mail\/send@1\.0\.0/);
    assert.match(messages, /tick: func\(\) -> u32/);
    return true;
  });
  assert.equal(run.of("started").length, 0);
});

Deno.test("start() says once what is wrong with a component that several triggers call", async () => {
  const starting = startOn(new FakeClock(), new RecordedRun(), {
    components: ["wat-no-export"],
    timers: [["wat-no-export", 1_000], ["wat-no-export", 2_000]],
  });
  await assert.rejects(starting, (error) => {
    assert.ok(error instanceof StartError);
    assert.equal(error.errors.length, 1);
    return true;
  });
});

Deno.test("a component that no trigger calls does no harm, whatever it imports", async () => {
  const run = new RecordedRun();
  const app = await startOn(new FakeClock(), run, {
    components: ["wat-unknown-import", "wat-echo"],
    timers: [["wat-echo", 1_000]],
  }, { once: true });
  assert.deepEqual(await app.finished, { ok: 1, failed: 0, skipped: 0, forced: false });
  assert.deepEqual(
    new Set(run.of("preparing").map(({ component }) => component)),
    new Set(["wat-echo"]),
  );
});

Deno.test("start() runs only the components that it is told to", async () => {
  const run = new RecordedRun();
  const test = { components: ["wat-echo", "wat-no-export"] } as const;
  const app = await startOn(new FakeClock(), run, test, { once: true, components: ["wat-echo"] });
  assert.equal((await app.finished).ok, 1);
  const refused: readonly (readonly [readonly string[], string])[] = [
    [["wat-echo", "nobody"], "ERR_UNKNOWN_COMPONENT"],
    [[], "ERR_NO_TRIGGERS"],
  ];
  for (const [components, code] of refused) {
    await assert.rejects(startOn(new FakeClock(), run, test, { components }), { code });
  }
});

Deno.test("start() keeps what guests write in files, which are closed at the end", async () => {
  await using temp = await tempDirectory();
  const logDir = join(temp.path, "logs");
  for (let round = 0; round < 2; round++) {
    const app = await startOn(new FakeClock(), new RecordedRun(), {
      components: ["wat-stdout", "wat-echo"],
    }, { once: true, logDir });
    await app.finished;
  }
  const names = [...Deno.readDirSync(logDir)].map(({ name }) => name).sort();
  assert.deepEqual(names, ["wat-stdout_stderr.txt", "wat-stdout_stdout.txt"]);
  assert.equal(
    await Deno.readTextFile(join(logDir, "wat-stdout_stdout.txt")),
    "out one\nout two\nout three\nout open\n".repeat(2),
  );
});

Deno.test("start() keeps each line once when its events were used for a run before", async () => {
  await using temp = await tempDirectory();
  const run = new RecordedRun();
  const logDir = temp.path;
  const test = { components: ["wat-stdout"] } as const;
  for (let round = 0; round < 2; round++) {
    const app = await startOn(new FakeClock(), run, test, { once: true, logDir });
    await app.finished;
  }
  assert.equal(
    await Deno.readTextFile(join(logDir, "wat-stdout_stdout.txt")),
    "out one\nout two\nout three\nout open\n".repeat(2),
  );
});

Deno.test("start() rejects with ERR_LOG_DIR when the directory for output cannot be made", async () => {
  await using temp = await tempDirectory();
  const file = await temp.write("file", "no directory");
  const options = { logDir: join(file, "logs") };
  await assert.rejects(
    startOn(new FakeClock(), new RecordedRun(), { components: ["wat-echo"] }, options),
    { code: "ERR_LOG_DIR" },
  );
});

Deno.test("start() rejects with the signal's reason when it fires during the start", async () => {
  const reason = new Error("enough");
  const test = { components: ["wat-echo"] } as const;
  const aborted = { signal: AbortSignal.abort(reason) };
  await assert.rejects(startOn(new FakeClock(), new RecordedRun(), test, aborted), reason);

  const controller = new AbortController();
  const run = new RecordedRun();
  run.events.on("preparing", () => controller.abort(reason));
  const options = { signal: controller.signal };
  await assert.rejects(startOn(new FakeClock(), run, test, options), reason);
  assert.equal(run.of("started").length, 0);
});

Deno.test("an application's temporary directory is there while it runs, and gone afterwards", async () => {
  await using temp = await tempDirectory();
  const entries = () => [...Deno.readDirSync(temp.path)].map(({ name }) => name);
  const former = Deno.env.get("TMPDIR");
  Deno.env.set("TMPDIR", temp.path);
  try {
    const app = await startOn(new FakeClock(), new RecordedRun(), { components: ["wat-echo"] });
    assert.equal(entries().length, 1);
    await app.stop();
    assert.deepEqual(entries(), []);
    await assert.rejects(
      startOn(new FakeClock(), new RecordedRun(), { components: ["wat-no-export"] }),
      StartError,
    );
    assert.deepEqual(entries(), []);
  } finally {
    if (former === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", former);
  }
});

Deno.test("a worker that does not start is reported, and the application goes on", async () => {
  const clock = new FakeClock();
  const run = new RecordedRun();
  const original = globalThis.Worker;
  let broken = 0;
  globalThis.Worker = class extends original {
    constructor(url: string | URL, options?: WorkerOptions) {
      const breaks = String(url).endsWith("/keeper.ts") && broken++ === 0;
      super(breaks ? "data:text/javascript,throw new Error('broken')" : url, options);
    }
  };
  try {
    const components = { components: ["wat-echo"] as const };
    const app = await startOn(clock, run, components, { isolation: "worker" });
    while (run.of("workerFailed").length === 0) await new Promise((go) => setTimeout(go, 10));
    assert.equal(run.of("workerFailed")[0]?.component, "wat-echo");
    assert.equal(run.of("workerFailed")[0]?.pause, 100);
    assert.equal((await nextOutcome(clock, run)).kind, "ok");
    assert.equal(run.of("workerFailed").length, 1);
    assert.deepEqual(await app.stop(), { ok: 1, failed: 0, skipped: 0, forced: false });
  } finally {
    globalThis.Worker = original;
  }
});

Deno.test("an application hands its environment and variables on to its components", async () => {
  const run = new RecordedRun();
  const options: ExecutionContextOptions = {
    environment: { PROBE: JSON.stringify([{ environment: true }]), LEVEL: "2" },
    variables: { token: "t" },
  };
  const app = await startOn(new FakeClock(), run, {
    components: [{ guest: "qjs-probe", environment: { LEVEL: "1", HOME: "/home" } }],
    application: {
      variables: { token: { description: "", required: true, secret: true } },
    },
  }, { once: true, ...options });
  await app.finished;
  const [outcome] = run.of("outcome");
  const [{ ok }] = JSON.parse(String(outcome?.value));
  const { PROBE: _, ...environment } = Object.fromEntries(ok);
  assert.deepEqual(environment, {
    LEVEL: "2",
    HOME: "/home",
    GYRE_TRIGGER_ID: "timer-0",
    GYRE_SCHEDULED_TIME: "2026-01-01T00:00:00.000Z",
    GYRE_ATTEMPT: "1",
  });
  await schedulerAtRest();
});
