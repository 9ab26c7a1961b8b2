import assert from "node:assert/strict";
import { writeApp } from "../support/app.ts";
import { runCli, startCli } from "../support/cli.ts";

function manifest(...entries: readonly string[]): string {
  return `spin_manifest_version = 2
[application]
name = "platform"
[application.trigger.cron]
scheduler = "platform"
${entries.map((entry) => `[[trigger.cron]]\ncomponent = "wat-echo"\n${entry}\n`).join("")}
[component.wat-echo]
source = "{wat-echo}"
`;
}

// Deno.cron counts in minutes, so this takes up to one.
Deno.test("the platform's scheduler runs ticks on the minute, and the ledger has them", async () => {
  await using app = await writeApp({
    manifest: manifest(
      'schedule = "* * * * *"\nid = "minutely"',
      'schedule = "* * * * *"\nid = "over"\nuntil = 2026-01-01T00:00:00Z',
    ),
  });
  const cli = startCli([app.manifest, "--log-dir", ""]);
  await cli.until("info    wat-echo: ECHO: ");
  cli.kill("SIGINT");
  const { code, stdout, stderr } = await cli.result;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /wat-echo: ECHO: \S+:00\.000Z/);
  const runs = await runCli(["runs", app.directory, "--json"]);
  const [run, ...others] = runs.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(others, []);
  assert.equal(run.trigger, "minutely");
  assert.equal(run.outcome, "ok");
  assert.match(run.scheduled, /:00\.000Z$/);
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['schedule = "0 * * * * *"', /its schedule "0 \* \* \* \* \*" does not have 5 fields/],
  ['schedule = "@hourly"', /does not have 5 fields/],
  ['schedule = "0 2 * * 1"', /days of the week are the numbers "1", .* write names/],
  ['schedule = "0 2 * * MON"\ntimezone = "Europe/Paris"', /its time zone is Europe\/Paris/],
  ['schedule = "0 2 * * MON"\njitter = "1s"', /it has jitter or max_runs/],
  ['schedule = "0 2 * * MON"\nmax_runs = 3', /it has jitter or max_runs/],
];

for (const [entry, reason] of REFUSED) {
  Deno.test(`the platform's scheduler is not asked for ${entry.replace("\n", ", ")}`, async () => {
    await using app = await writeApp({ manifest: manifest(entry) });
    const { code, stderr } = await runCli([app.manifest, "--log-dir", "", "--no-state"]);
    assert.equal(code, 1);
    assert.match(stderr, /error\[ERR_PLATFORM_SCHEDULE\]: .* trigger wat-echo-cron-trigger: /);
    assert.match(stderr, reason);
  });
}
