import assert from "node:assert/strict";
import { startWorker } from "../../../../../src/isolation/worker.ts";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import type { Denial } from "../../../../../src/policy/denial.ts";
import { denoPermissions } from "../../../../../src/policy/deno_permissions.ts";
import { compiledGuest } from "../../../../compile/compiled_guest.ts";
import { executorSpec, HANDLE, NO_GRANT } from "../../../../isolation/executor_spec.ts";
import { peer } from "./socket_fixture.ts";

Deno.test("a guest in a locked worker connects and looks up what was granted, and nothing else", async () => {
  await using server = peer();
  const entries = [`tcp://127.0.0.1:${server.port}`, "tcp://localhost:1"];
  const actions = [
    { connect: `127.0.0.1:${server.port}` },
    { connect: `127.0.0.1:${server.port + 1}` },
    { resolve: "localhost" },
    { resolve: "example.com" },
  ];
  const denials: Denial[] = [];
  await using executor = await startWorker(executorSpec(await compiledGuest("qjs-probe"), {
    grant: {
      ...NO_GRANT,
      environment: { PROBE: JSON.stringify(actions) },
      allowedHosts: entries,
    },
    permissions: denoPermissions({
      componentId: "tested",
      environment: {},
      mounts: [],
      allowedHosts: AllowedHosts.parse(entries),
      allowedInbound: AllowedInbound.parse([]),
    }),
    onDenied: (denial) => denials.push(denial),
  }));
  const result = await executor.call({ export: HANDLE, args: ["now"] });
  assert.ok(result.ok, Deno.inspect(result));
  const outcomes: { ok?: string; error?: string }[] = JSON.parse(String(result.value));
  assert.deepEqual(outcomes[0], { ok: "connected" });
  assert.equal(outcomes[1]?.error, "access-denied");
  assert.match(outcomes[2]?.ok ?? "", /^127\.|1$/);
  assert.equal(outcomes[3]?.error, "access-denied");
  assert.deepEqual(denials.map(({ target }) => target), [
    `connect to tcp://127.0.0.1:${server.port + 1}`,
    "look up example.com",
  ]);
});
