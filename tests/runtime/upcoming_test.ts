import assert from "node:assert/strict";
import type { Application } from "../../src/app/application.ts";
import { PrepareError } from "../../src/errors.ts";
import { loadApplication } from "../../src/runtime/load.ts";
import { upcoming, withoutSchedule } from "../../src/runtime/upcoming.ts";
import { writeApp } from "../support/app.ts";

const FROM = Date.parse("2026-03-28T23:59:30Z");

const MANIFEST = `[application]
name = "test"
[component.one]
source = "{wat-echo}"
[component.two]
source = "{wat-echo}"
`;

async function load(triggers: string): Promise<Application> {
  await using directory = await writeApp({ manifest: MANIFEST + triggers });
  return (await loadApplication(directory.manifest)).application;
}

const MANY = await load(`
[[trigger.cron]]
id = "night"
component = "one"
schedule = "30 2 * * *"
timezone = "Europe/Paris"
[[trigger.timer]]
id = "slow"
component = "two"
interval = "45m"
[[trigger.timer]]
id = "aligned"
component = "one"
interval = "1h"
start = "aligned"
[[trigger.timer]]
id = "now"
component = "one"
interval = "1h"
start = "immediately"
until = "2026-03-29T01:00Z"
`);

function lines(
  ticks: Iterable<{ readonly scheduled: number; readonly trigger: string }>,
): string[] {
  return [...ticks].map(({ scheduled, trigger }) =>
    `${new Date(scheduled).toISOString().slice(5, 19)} ${trigger}`
  );
}

Deno.test("upcoming() merges the ticks of all triggers in the order of time", () => {
  assert.deepEqual(lines(upcoming(MANY, { from: FROM }).take(8)), [
    "03-28T23:59:30 now",
    "03-29T00:00:00 aligned",
    "03-29T00:44:30 slow",
    "03-29T00:59:30 now",
    "03-29T01:00:00 night",
    "03-29T01:00:00 aligned",
    "03-29T01:29:30 slow",
    "03-29T02:00:00 aligned",
  ]);
});

Deno.test("upcoming() says the component and the time zone of each tick", () => {
  const [night] = upcoming(MANY, { from: FROM, triggerIds: ["night"] }).take(1);
  assert.deepEqual(night, {
    scheduled: Date.parse("2026-03-29T01:00Z"),
    trigger: "night",
    component: "one",
    timezone: "Europe/Paris",
  });
});

Deno.test("upcoming() begins with the very moment and ends before the other", () => {
  const from = Date.parse("2026-03-29T00:00Z");
  const to = Date.parse("2026-03-29T02:00Z");
  assert.deepEqual(lines(upcoming(MANY, { from, to, triggerIds: ["aligned"] })), [
    "03-29T00:00:00 aligned",
    "03-29T01:00:00 aligned",
  ]);
});

Deno.test("upcoming() takes the triggers of some components", () => {
  const to = FROM + 3_600_000;
  assert.deepEqual(lines(upcoming(MANY, { from: FROM, to, components: ["two"] })), [
    "03-29T00:44:30 slow",
  ]);
  assert.throws(
    () => [...upcoming(MANY, { from: FROM, components: ["three"] })],
    (error) => error instanceof PrepareError && error.code === "ERR_UNKNOWN_COMPONENT",
  );
});

Deno.test("upcoming() ends when no trigger has a tick any more", async () => {
  const application = await load(
    '[[trigger.cron]]\ncomponent = "one"\nschedule = "0 0 0 29 2 * 2028-2032"\n',
  );
  assert.deepEqual(lines(upcoming(application, { from: FROM })), [
    "02-29T00:00:00 one-cron-trigger",
    "02-29T00:00:00 one-cron-trigger",
  ]);
});

Deno.test("withoutSchedule() lists the triggers that have none", async () => {
  const application = await load(
    '[[trigger.command]]\ncomponent = "one"\n[[trigger.timer]]\ncomponent = "two"\ninterval = "1s"\n',
  );
  assert.deepEqual(withoutSchedule(application).map(({ id }) => id), ["one-command-trigger"]);
  assert.deepEqual(withoutSchedule(application, { components: ["two"] }), []);
  assert.deepEqual([...upcoming(application, { from: FROM, components: ["one"] })], []);
});
