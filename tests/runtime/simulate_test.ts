import assert from "node:assert/strict";
import { join } from "node:path";
import { PrepareError } from "../../src/errors.ts";
import { RunEvents } from "../../src/runtime/events.ts";
import { simulate } from "../../src/runtime/simulate.ts";
import { start } from "../../src/runtime/start.ts";
import { VirtualTime } from "../../src/virtual_time.ts";
import { jcoReady } from "../compile/jco_ready.ts";
import { applicationOf } from "../context/application_of.ts";
import { tempDirectory } from "../loader/temp_directory.ts";
import { timerConfig } from "../support/timer_config.ts";

await jcoReady();

const FROM = Date.UTC(2026, 2, 28);
const HOUR = 3_600_000;

function timer(component: string, entry: Readonly<Record<string, unknown>>) {
  return { id: `${component}-timer`, type: "timer", component, config: timerConfig(entry) };
}

/** jco's scheduler looks again 10 ms after a guest was suspended. */
async function schedulerAtRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

Deno.test("simulate() touches nothing outside: it connects nowhere, and writes to copies", async () => {
  await using dir = await tempDirectory();
  await dir.write("data/old.txt", "as it was");
  const probe = [
    { write: "/data/new.txt", text: "x" },
    { read: "/data/old.txt" },
    { connect: "127.0.0.1:9" },
  ];
  const application = await applicationOf({
    components: [{
      guest: "qjs-probe",
      environment: { PROBE: JSON.stringify(probe) },
      files: [{ kind: "mount", source: "data", destination: "/data", writable: true }],
      allowedOutboundHosts: ["tcp://127.0.0.1:9"],
    }],
    application: { baseDir: dir.path },
  });
  const values: unknown[] = [];
  const events = new RunEvents();
  events.on("outcome", ({ value }) => values.push(JSON.parse(String(value))));
  const options = { from: FROM, to: FROM + 1_500, isolation: "inline", events } as const;
  const [run, ...others] = await simulate(application, options);
  assert.deepEqual(others, []);
  assert.equal(run?.outcome, "ok", run?.message);
  const [[written, read, connected]] = values as [[unknown, unknown, { error: string }]];
  assert.ok("ok" in (written as object), Deno.inspect(written));
  assert.deepEqual(read, { ok: "as it was" });
  assert.match(connected.error, /access-denied/);
  assert.deepEqual([...Deno.readDirSync(join(dir.path, "data"))].map(({ name }) => name), [
    "old.txt",
  ]);
  await schedulerAtRest();
});

Deno.test("simulate() lets what is under way at the end come to its end", async () => {
  const application = await applicationOf({
    components: ["qjs-simulated"],
    timers: [],
    application: { triggers: [timer("qjs-simulated", { interval: "1h", input: "sleep 20000" })] },
  });
  const runs = await simulate(application, {
    from: FROM,
    to: FROM + HOUR + 1,
    isolation: "inline",
  });
  assert.deepEqual(runs.map(({ outcome, finished }) => [outcome, Number(finished) - FROM - HOUR]), [
    ["ok", 20_000],
  ]);
  await schedulerAtRest();
});

Deno.test("simulate() keeps to overlap and timeout in virtual time", async () => {
  const application = await applicationOf({
    components: ["qjs-simulated"],
    timers: [],
    application: {
      triggers: [
        { ...timer("qjs-simulated", { interval: "10s", input: "sleep 25000" }), id: "skips" },
        {
          ...timer("qjs-simulated", { interval: "20s", input: "sleep 25000", timeout: "5s" }),
          id: "late",
        },
      ],
    },
  });
  const runs = await simulate(application, { from: FROM, to: FROM + 61_000, isolation: "inline" });
  const of = (id: string) =>
    runs.filter(({ trigger }) => trigger === id).map(({ scheduled, outcome, count }) =>
      `${(scheduled - FROM) / 1_000} ${outcome}${count === 1 ? "" : ` x${count}`}`
    );
  assert.deepEqual(of("skips"), ["10 ok", "20 skipped x2", "40 ok", "50 skipped x2"]);
  assert.deepEqual(of("late"), ["20 timeout", "40 timeout", "60 timeout"]);
  await schedulerAtRest();
});

Deno.test("simulate() ends at once when its signal fires, also before the start", async () => {
  const application = await applicationOf({ components: ["wat-echo"] });
  const options = { from: FROM, to: FROM + 1_000 * HOUR, isolation: "inline" } as const;
  const reason = new Error("enough");
  const ending = new AbortController();
  setTimeout(() => ending.abort(reason), 300);
  await assert.rejects(simulate(application, { ...options, signal: ending.signal }), reason);
  await assert.rejects(
    simulate(application, { ...options, signal: AbortSignal.abort(reason) }),
    reason,
  );
});

Deno.test("simulate() refuses an application without schedules", async () => {
  const application = await applicationOf({
    components: ["wat-run"],
    timers: [],
    application: {
      triggers: [{ id: "c", type: "command", component: "wat-run", config: { arguments: [] } }],
    },
  });
  await assert.rejects(simulate(application, { from: FROM, to: FROM + HOUR }), (error) => {
    assert.ok(error instanceof PrepareError);
    assert.equal(error.code, "ERR_NO_SCHEDULE");
    return true;
  });
});

Deno.test("an application started with a VirtualTime runs as its runUntil() says", async () => {
  const time = new VirtualTime({ start: FROM });
  const application = await applicationOf({ components: ["wat-echo"] });
  const running = await start(application, { simulation: time, isolation: "inline" });
  const values: unknown[] = [];
  running.events.on("outcome", ({ value }) => values.push(value));
  await time.runUntil(FROM + 2_500);
  assert.deepEqual(values, ["ECHO: 2026-03-28T00:00:01.000Z", "ECHO: 2026-03-28T00:00:02.000Z"]);
  const stopped = running.stop();
  await time.runUntil(FROM + 10_000);
  assert.equal((await stopped).ok, 2);
});
