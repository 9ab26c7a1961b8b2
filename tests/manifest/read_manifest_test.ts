import assert from "node:assert/strict";
import { z } from "zod";
import type { TriggerSchema } from "../../src/app/trigger_schema.ts";
import { ManifestError, type ManifestIssue } from "../../src/errors.ts";
import type { Findings } from "../../src/manifest/finding.ts";
import { readManifest } from "../../src/manifest/read_manifest.ts";
import { validateManifest } from "../../src/manifest/validate_manifest.ts";
import { timerSchema } from "../../src/triggers/timer/timer_schema.ts";

const HEAD = '[application]\nname = "app"\n';
const COMPONENT = '[component.hello]\nsource = "hello.wasm"\n';

Deno.test("readManifest() freezes the application deeply", async () => {
  const { application } = await read(
    `${HEAD}${COMPONENT}files = ["a"]\n[[trigger.timer]]\ncomponent = "hello"\ninterval = "1s"\n`,
  );
  const [component] = application.components;
  for (
    const part of [
      application,
      application.triggers,
      application.triggers[0]?.config,
      application.triggerSettings["timer"],
      component,
      component?.files[0],
    ]
  ) {
    assert(part !== undefined && Object.isFrozen(part));
  }
});

Deno.test("readManifest() resolves sources against the base directory", async () => {
  const asked: string[] = [];
  await read(HEAD + COMPONENT, (path) => asked.push(path));
  assert.deepEqual(asked, ["/app/hello.wasm"]);
});

Deno.test("readManifest() gives every issue a path, and a place in the text", async () => {
  const [issue, ...others] = await issuesOf(`${HEAD}${COMPONENT}sorce = 1\n`);
  assert.equal(others.length, 0);
  assert.deepEqual(issue?.path, ["component", "hello", "sorce"]);
  assert.deepEqual(issue?.location, {
    file: "app.toml",
    line: 5,
    column: 1,
    excerpt: "sorce = 1",
    width: 5,
  });
});

Deno.test("readManifest() reports paths of version 1 as the author wrote them", async () => {
  const [issue] = await issuesOf(
    'spin_version = "1"\nname = "a"\ntrigger = { type = "timer" }\n' +
      '[[component]]\nid = "a_b"\nsource = 1\nallowed_outbound_hosts = []\n' +
      "trigger = { interval_secs = 1 }\n",
  );
  assert.deepEqual(issue?.path, ["component", 0, "source"]);
});

Deno.test("readManifest() keeps the cause of a syntax error", async () => {
  await assert.rejects(read("a = "), (error) => {
    assert(error instanceof ManifestError);
    assert(error.cause instanceof Error);
    return true;
  });
});

const needy: TriggerSchema = {
  type: "needy",
  config: z.strictObject({ channel: z.string() }),
  settings: z.strictObject({ address: z.string() }),
};
const plain: TriggerSchema = { type: "plain", config: z.strictObject({}) };

Deno.test("readManifest() asks for a type's settings only where the type is used", async () => {
  const unused = await read(HEAD + COMPONENT);
  assert.deepEqual(unused.application.triggerSettings, {});
  const trigger = '[[trigger.needy]]\ncomponent = "hello"\nchannel = "c"\n';
  const [issue] = await issuesOf(HEAD + COMPONENT + trigger);
  assert.equal(issue?.code, "ERR_MISSING_KEY");
  assert.deepEqual(issue?.path, ["application", "trigger", "needy", "address"]);
});

Deno.test("readManifest() allows no settings for a type without any", async () => {
  const [issue] = await issuesOf(
    `${HEAD}[application.trigger.plain]\nx = 1\n${COMPONENT}`,
  );
  assert.equal(issue?.code, "ERR_UNKNOWN_KEY");
});

Deno.test("validateManifest() finds problems in data that was never text", async () => {
  const findings: Findings = { errors: [], warnings: [] };
  await validateManifest(
    { application: { name: "app" }, component: { hello: { source: 5 } } },
    options(),
    findings,
  );
  const [finding, ...others] = findings.errors;
  assert.equal(others.length, 0);
  assert.equal(finding?.code, "ERR_WRONG_TYPE");
  assert.deepEqual(finding?.path, ["component", "hello", "source"]);
});

function options(onProbe: (path: string) => void = () => {}) {
  return {
    origin: "app.toml",
    baseDir: "/app",
    triggerTypes: [timerSchema, needy, plain],
    probe: {
      kindOf(path: string): Promise<"file"> {
        onProbe(path);
        return Promise.resolve("file");
      },
    },
  };
}

function read(text: string, onProbe?: (path: string) => void) {
  return readManifest(text, options(onProbe));
}

async function issuesOf(text: string): Promise<readonly ManifestIssue[]> {
  const error: unknown = await read(text).catch((error: unknown) => error);
  assert(error instanceof ManifestError);
  return error.issues;
}
