import assert from "node:assert/strict";
import { type TestAppDirectory, writeApp } from "../support/app.ts";
import { runCli, startCli } from "../support/cli.ts";

const MANIFEST = `spin_manifest_version = 2
[application]
name = "schedules"

[[trigger.cron]]
id = "nightly"
component = "qjs-simulated"
schedule = "30 2 * * *"
timezone = "Europe/Paris"
input = "sleep 90000"
timeout = "5m"

[[trigger.cron]]
id = "flaky"
component = "qjs-simulated"
schedule = "0 12 * * *"
input = "fail 2"
retry = { attempts = 3, backoff = "fixed", initial = "10s" }

[[trigger.timer]]
id = "hours"
component = "wat-stdout"
interval = "6h"
start = "aligned"

[component.qjs-simulated]
source = "{qjs-simulated}"

[component.wat-stdout]
source = "{wat-stdout}"
`;

const FAST = `spin_manifest_version = 2
[application]
name = "fast"
[[trigger.timer]]
id = "quick"
component = "wat-stdout"
interval = "100ms"
[[trigger.timer]]
id = "broken"
component = "wat-trap"
interval = "1h"
start = "immediately"
[component.wat-stdout]
source = "{wat-stdout}"
[component.wat-trap]
source = "{wat-trap}"
`;

/** The whole run of a weekend on which the clocks go forward in Paris, as the ledger has it. */
const WEEKEND = ["--from", "2026-03-28T00:00Z", "--to", "2026-03-30T00:00Z"];

Deno.test("schedule prints the coming ticks in UTC and in their own zone, and runs nothing", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  const { code, stdout, stderr } = await runCli(["schedule", app.manifest, ...WEEKEND]);
  assert.equal(code, 0, stderr);
  const columns = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
  assert.deepEqual(columns, [
    ["UTC", "IN ITS TIME ZONE", "TRIGGER", "COMPONENT"],
    ["2026-03-28T00:00:00.000Z", "Sat 2026-03-28 00:00:00+00:00 UTC", "hours", "wat-stdout"],
    [
      "2026-03-28T01:30:00.000Z",
      "Sat 2026-03-28 02:30:00+01:00 Europe/Paris",
      "nightly",
      "qjs-simulated",
    ],
    ["2026-03-28T06:00:00.000Z", "Sat 2026-03-28 06:00:00+00:00 UTC", "hours", "wat-stdout"],
    ["2026-03-28T12:00:00.000Z", "Sat 2026-03-28 12:00:00+00:00 UTC", "flaky", "qjs-simulated"],
    ["2026-03-28T12:00:00.000Z", "Sat 2026-03-28 12:00:00+00:00 UTC", "hours", "wat-stdout"],
    ["2026-03-28T18:00:00.000Z", "Sat 2026-03-28 18:00:00+00:00 UTC", "hours", "wat-stdout"],
    ["2026-03-29T00:00:00.000Z", "Sun 2026-03-29 00:00:00+00:00 UTC", "hours", "wat-stdout"],
    [
      "2026-03-29T01:00:00.000Z",
      "Sun 2026-03-29 03:00:00+02:00 Europe/Paris",
      "nightly",
      "qjs-simulated",
    ],
    ["2026-03-29T06:00:00.000Z", "Sun 2026-03-29 06:00:00+00:00 UTC", "hours", "wat-stdout"],
    ["2026-03-29T12:00:00.000Z", "Sun 2026-03-29 12:00:00+00:00 UTC", "flaky", "qjs-simulated"],
    ["2026-03-29T12:00:00.000Z", "Sun 2026-03-29 12:00:00+00:00 UTC", "hours", "wat-stdout"],
    ["2026-03-29T18:00:00.000Z", "Sun 2026-03-29 18:00:00+00:00 UTC", "hours", "wat-stdout"],
  ]);
  const json = await runCli([
    "schedule",
    app.manifest,
    "-n",
    "1",
    "--from",
    "2026-03-29T00:30Z",
    "--format",
    "json",
  ]);
  assert.deepEqual(JSON.parse(json.stdout), {
    type: "tick",
    scheduled: "2026-03-29T01:00:00.000Z",
    local: "Sun 2026-03-29 03:00:00+02:00 Europe/Paris",
    timezone: "Europe/Paris",
    trigger: "nightly",
    component: "qjs-simulated",
  });
});

Deno.test("simulate runs two days in seconds, with retries and sleeps, the same every time", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  const args = ["simulate", app.manifest, ...WEEKEND, "--format", "json"];
  const [first, second] = [await runCli(args), await runCli(args)];
  assert.equal(first.code, 0, first.stderr);
  assert.equal(second.stdout, first.stdout);
  const runs = first.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const shown = runs.map(({ scheduled, trigger, outcome, attempts, duration }) => [
    scheduled.slice(5, 16),
    trigger,
    outcome,
    attempts,
    Math.round(duration),
  ]);
  assert.deepEqual(shown.filter(([, trigger]) => trigger !== "hours"), [
    ["03-28T01:30", "nightly", "ok", 1, 90_000],
    ["03-28T12:00", "flaky", "ok", 3, 0],
    ["03-29T01:00", "nightly", "ok", 1, 90_000],
    ["03-29T12:00", "flaky", "ok", 3, 0],
  ]);
  assert.equal(shown.length, 4 + 7);
  const [hours] = runs.filter(({ trigger }) => trigger === "hours");
  assert.equal(hours.outputSize, 50);
  assert.ok(hours.lines.length > 0);
  const other = await runCli([...args, "--seed", "other"]);
  assert.equal(other.code, 0);
});

Deno.test("simulate exits with 1 if a tick failed", async () => {
  await using app = await writeApp({ manifest: FAST });
  const args = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T00:00:01Z"];
  const { code, stdout } = await runCli(["simulate", app.manifest, ...args]);
  assert.equal(code, 1);
  assert.match(stdout, /broken +trap +1 +.*unreachable/);
  assert.equal(stdout.match(/quick +ok/g)?.length, 9);
});

Deno.test("runs shows what up and trigger did, and show has what the guest wrote", async () => {
  await using app = await writeApp({ manifest: FAST });
  assert.match((await runCli(["runs", app.directory])).stderr, /Nothing was run here yet/);
  await runForAWhile(app);
  const list = await runCli(["runs", app.directory, "--limit", "1000"]);
  assert.equal(list.code, 0, list.stderr);
  const [head, ...rows] = list.stdout.trimEnd().split("\n");
  assert.match(head ?? "", /^ID +SCHEDULED +TRIGGER +OUTCOME +ATTEMPTS +TOOK +WROTE +MESSAGE$/);
  assert.ok(
    rows.some((row) => /^\d+ +\S+Z +quick +ok +1 +\S+ (µs|ms) +50B/.test(row)),
    list.stdout,
  );
  assert.ok(rows.some((row) => /broken +trap +1 .*unreachable/.test(row)), list.stdout);

  const failed = await runCli(["runs", app.directory, "--outcome", "trap", "timeout", "--json"]);
  const [run, ...others] = failed.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(others, []);
  assert.equal(run.trigger, "broken");
  assert.equal(run.state, "finished");
  const quick = await runCli(["runs", app.directory, "-t", "quick", "-n", "1", "--json"]);
  const { id } = JSON.parse(quick.stdout);
  const show = await runCli(["runs", "show", `${id}`, app.directory]);
  assert.match(show.stdout, /^run +\d+\ntrigger +quick\ncomponent +wat-stdout\n/);
  assert.match(show.stdout, /\nCPU +about .* fuel\)\nwrote +50B\n/);
  assert.match(show.stdout, /\nstdout \| /);

  const trigger = await runCli(["trigger", app.manifest, "quick"]);
  assert.equal(trigger.code, 0, trigger.stderr);
  const manual = await runCli(["runs", app.directory, "-n", "1", "--json"]);
  assert.equal(JSON.parse(manual.stdout).manual, true);
  assert.equal((await runCli(["trigger", app.manifest, "broken", "--no-state"])).code, 1);
});

Deno.test("a second host of an application is refused, unless it keeps its own ledger or none", async () => {
  await using app = await writeApp({ manifest: FAST });
  const first = startCli([app.manifest, "--log-dir", ""]);
  await first.until("Started");
  const second = await runCli([app.manifest, "--log-dir", ""]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /error\[ERR_STATE_LOCKED\]: Another Gyre runs app\.toml/);
  assert.match(second.stderr, /= help: Stop it first; or .* --state-dir, .* --no-state/);
  assert.equal((await runCli(["trigger", app.manifest, "quick"])).code, 0);
  const third = startCli([app.manifest, "--log-dir", "", "--no-state"]);
  await third.until("Started");
  third.kill("SIGINT");
  first.kill("SIGINT");
  assert.equal((await third.result).code, 0);
  assert.equal((await first.result).code, 0);
});

const WRONG: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  [
    "an unknown trigger",
    ["trigger", "APP", "nigthly"],
    2,
    /ERR_UNKNOWN_TRIGGER.*\n.*quick, broken/,
  ],
  ["an unknown run", ["runs", "show", "99", "APP"], 1, /ERR_UNKNOWN_RUN/],
  ["a run that is no number", ["runs", "show", "x", "APP"], 2, /whole number/],
  ["an unknown outcome", ["runs", "APP", "--outcome", "bad"], 2, /Allowed choices are ok, /],
  [
    "a moment without an offset",
    ["simulate", "APP", "--from", "2026-01-01", "--to", "2026-01-02"],
    2,
    /a date, a time and an offset/,
  ],
  [
    "an end before the beginning",
    ["simulate", "APP", "--from", "2026-01-02T00:00Z", "--to", "2026-01-01T00:00Z"],
    2,
    /--to is not after --from/,
  ],
  ["an unknown component", ["schedule", "APP", "-c", "none"], 2, /ERR_UNKNOWN_COMPONENT/],
];

for (const [what, args, code, message] of WRONG) {
  Deno.test(`commands about schedules say so when they are given ${what}`, async () => {
    await using app = await writeApp({ manifest: FAST });
    const result = await runCli(args.map((arg) => arg === "APP" ? app.manifest : arg));
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
    assert.doesNotMatch(result.stderr, /\n {4}at /);
  });
}

/** Runs an application until its quick guest has written a few lines, and stops it. */
async function runForAWhile(app: TestAppDirectory): Promise<void> {
  const cli = startCli([app.manifest, "--log-dir", ""]);
  await cli.until("wat-stdout |", 5);
  cli.kill("SIGINT");
  assert.equal((await cli.result).code, 0);
}
