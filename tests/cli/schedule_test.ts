import assert from "node:assert/strict";
import { writeApp } from "../support/app.ts";
import { runCli } from "../support/cli.ts";

const MANIFEST = `[application]
name = "test"
[[trigger.cron]]
component = "report"
schedule = "30 2 * * *"
timezone = "Europe/Paris"
[[trigger.timer]]
component = "poll"
interval = "12h"
[[trigger.command]]
component = "poll"
[component.report]
source = "{wat-echo}"
[component.poll]
source = "{wat-echo}"
`;

Deno.test("gyre schedule prints the coming ticks in UTC and in their zone, and who has none", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  const { code, stdout, stderr } = await runCli([
    ...["schedule", app.manifest, "--from", "2026-03-28T00:00Z", "--to", "2026-03-29T12:00Z"],
  ]);
  assert.equal(code, 0, stderr);
  const [head, ...rows] = stdout.trim().split("\n").map((line) => line.split(/ {2,}/));
  assert.deepEqual(head, ["UTC", "IN ITS TIME ZONE", "TRIGGER", "COMPONENT"]);
  assert.deepEqual(rows, [
    [
      "2026-03-28T01:30:00.000Z",
      "Sat 2026-03-28 02:30:00+01:00 Europe/Paris",
      "report-cron-trigger",
      "report",
    ],
    ["2026-03-28T12:00:00.000Z", "Sat 2026-03-28 12:00:00+00:00 UTC", "poll-timer-trigger", "poll"],
    ["2026-03-29T00:00:00.000Z", "Sun 2026-03-29 00:00:00+00:00 UTC", "poll-timer-trigger", "poll"],
    [
      "2026-03-29T01:00:00.000Z",
      "Sun 2026-03-29 03:00:00+02:00 Europe/Paris",
      "report-cron-trigger",
      "report",
    ],
    ["Trigger poll-command-trigger has no schedule, because it is a command"],
  ]);
});

Deno.test("gyre schedule --format json prints an object for each tick, ten of them by default", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  const { code, stdout } = await runCli(["schedule", app.manifest, "--format", "json"]);
  assert.equal(code, 0);
  const objects = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const ticks = objects.filter(({ type }) => type === "tick");
  assert.equal(ticks.length, 10);
  assert.deepEqual(Object.keys(ticks[0]).toSorted(), [
    ...["component", "local", "scheduled", "timezone", "trigger", "type"],
  ]);
  const times = ticks.map(({ scheduled }) => Date.parse(scheduled));
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  assert.ok(times.every((time) => time > Date.now() - 60_000), "they are to come");
  assert.deepEqual(objects.slice(10), [
    { type: "no-schedule", trigger: "poll-command-trigger", component: "poll" },
  ]);
});

Deno.test("gyre schedule --component and --count choose ticks", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  const { stdout } = await runCli([
    ...["schedule", app.manifest, "--from", "2026-10-24T00:00Z", "--component", "report"],
    ...["--count", "2", "--format", "json"],
  ]);
  const ticks = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(ticks.map(({ scheduled, local }) => [scheduled, local]), [
    ["2026-10-24T00:30:00.000Z", "Sat 2026-10-24 02:30:00+02:00 Europe/Paris"],
    ["2026-10-25T00:30:00.000Z", "Sun 2026-10-25 02:30:00+02:00 Europe/Paris"],
  ]);
});

for (
  const args of [
    ["--from", "yesterday"],
    ["--to", "2026-03-28"],
    ["--count", "0"],
    ["--component", "nobody"],
  ]
) {
  Deno.test(`gyre schedule refuses ${args.join(" ")} with exit code 2`, async () => {
    await using app = await writeApp({ manifest: MANIFEST });
    const { code, stderr } = await runCli(["schedule", app.manifest, ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /error/);
  });
}

Deno.test("gyre schedule names what is wrong with a cron expression and a time zone", async () => {
  const manifest = MANIFEST.replace("30 2 * * *", "30 25 * * *").replace("/Paris", "/Pari");
  await using app = await writeApp({ manifest });
  const { code, stderr } = await runCli(["schedule", app.manifest]);
  assert.equal(code, 1);
  assert.match(stderr, /The hours of the cron expression "30 25 \* \* \*" cannot be "25"/);
  assert.match(stderr, /Did you mean "Europe\/Paris"\?/);
});
