import assert from "node:assert/strict";
import { join } from "node:path";
import type { Component } from "../../src/app/application.ts";
import { buildPolicy, type BuildPolicyOptions } from "../../src/context/build_policy.ts";
import { GyreError } from "../../src/errors.ts";
import { tempDirectory } from "../loader/temp_directory.ts";
import { applicationOf } from "./application_of.ts";

async function componentOf(granted: Partial<Component>): Promise<Component> {
  const { components } = await applicationOf({
    components: [{ guest: "wat-echo", id: "my-part", ...granted }],
  });
  const [component] = components;
  if (component === undefined) throw new Error("No component");
  return component;
}

function optionsIn(directory: string, more: Partial<BuildPolicyOptions> = {}): BuildPolicyOptions {
  return {
    baseDir: directory,
    stageDir: join(directory, "stage"),
    transientWrite: false,
    environment: {},
    componentIds: ["my-part", "other"],
    variables: {},
    signal: new AbortController().signal,
    ...more,
  };
}

Deno.test("buildPolicy() grants nothing when the component asks for nothing", async () => {
  await using temp = await tempDirectory();
  const policy = await buildPolicy(await componentOf({}), optionsIn(temp.path));
  assert.equal(policy.componentId, "my-part");
  assert.deepEqual(policy.environment, {});
  assert.deepEqual(policy.mounts, []);
  assert.deepEqual(policy.allowedHosts.entries, []);
  assert.deepEqual([...Deno.readDirSync(temp.path)], []);
});

Deno.test("buildPolicy() lays the given environment over the component's", async () => {
  await using temp = await tempDirectory();
  const component = await componentOf({ environment: { A: "1", B: "{{ not_expanded }}" } });
  const options = optionsIn(temp.path, { environment: { A: "2", C: "" } });
  assert.deepEqual((await buildPolicy(component, options)).environment, {
    A: "2",
    B: "{{ not_expanded }}",
    C: "",
  });
});

Deno.test("buildPolicy() expands variables in hosts", async () => {
  await using temp = await tempDirectory();
  const component = await componentOf({
    allowedOutboundHosts: ["https://{{ host }}:{{ port }}", "{{ nothing }}"],
  });
  const variables = { host: "api.example.com", port: "8443", nothing: "" };
  const { allowedHosts } = await buildPolicy(component, optionsIn(temp.path, { variables }));
  assert.equal(allowedHosts.entries.length, 1);
  assert.match(allowedHosts.entries[0] ?? "", /api\.example\.com:8443/);
});

Deno.test("buildPolicy() rejects with a code when a host is malformed once it is expanded", async () => {
  await using temp = await tempDirectory();
  const component = await componentOf({ allowedOutboundHosts: ["https://{{ host }}"] });
  const options = optionsIn(temp.path, { variables: { host: "a b" } });
  await assert.rejects(buildPolicy(component, options), GyreError);
});

Deno.test("buildPolicy() mounts a copy of the component's files, read-only", async () => {
  await using temp = await tempDirectory();
  await temp.write("texts/a.txt", "before");
  await temp.write("texts/b.txt", "not granted");
  const component = await componentOf({ files: [{ kind: "pattern", pattern: "texts/a.txt" }] });
  const { mounts } = await buildPolicy(component, optionsIn(temp.path));
  await temp.write("texts/a.txt", "after");
  assert.equal(mounts.length, 1);
  const [mount] = mounts;
  assert.equal(mount?.guestPath, "/");
  assert.equal(mount?.writable, false);
  assert.equal(mount?.hostPath, join(temp.path, "stage"));
  assert.equal(await Deno.readTextFile(join(mount?.hostPath ?? "", "texts/a.txt")), "before");
  await assert.rejects(Deno.stat(join(mount?.hostPath ?? "", "texts/b.txt")));
});

Deno.test("buildPolicy() rejects with the signal's reason when it has fired", async () => {
  await using temp = await tempDirectory();
  const reason = new Error("enough");
  const options = optionsIn(temp.path, { signal: AbortSignal.abort(reason) });
  await assert.rejects(buildPolicy(await componentOf({}), options), reason);
});

Deno.test("buildPolicy() lets guests write what was granted, and the copies when told to", async () => {
  await using temp = await tempDirectory();
  await temp.write("texts/a.txt", "");
  await temp.write("data/b.txt", "");
  const component = await componentOf({
    files: [
      { kind: "pattern", pattern: "texts/a.txt" },
      { kind: "mount", source: "data", destination: "/data", writable: true },
    ],
  });
  for (const transientWrite of [false, true]) {
    const stageDir = join(temp.path, `stage-${transientWrite}`);
    const policy = await buildPolicy(component, optionsIn(temp.path, { stageDir, transientWrite }));
    assert.deepEqual(policy.mounts, [
      { hostPath: stageDir, guestPath: "/", writable: transientWrite },
      { hostPath: join(temp.path, "data"), guestPath: "/data", writable: true },
    ]);
  }
});
