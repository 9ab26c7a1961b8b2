import assert from "node:assert/strict";
import { writeApp } from "../support/app.ts";
import { runCli, startCli } from "../support/cli.ts";

const LOOPS = `[application]
name = "limits"

[[trigger.timer]]
component = "wat-loop"
interval = "400ms"

[[trigger.timer]]
component = "wat-echo"
interval = "200ms"

[component.wat-loop]
source = "{wat-loop}"
limits = { timeout = "100ms" }

[component.wat-echo]
source = "{wat-echo}"
`;

const PROBE = `[application]
name = "probe"

[[trigger.timer]]
component = "qjs-probe"
interval = "1h"

[component.qjs-probe]
source = "{qjs-probe}"
allowed_outbound_hosts = ["https://example.com"]
`;

Deno.test("up ends a guest in an endless loop, again and again, and runs the others", async () => {
  await using app = await writeApp({ manifest: LOOPS });
  const cli = startCli([app.manifest, "--log-dir", ""]);
  await cli.until("info    wat-echo: ECHO", 10);
  cli.kill("SIGINT");
  const { code, stdout, stderr } = await cli.result;
  assert.equal(code, 0, stderr);
  const timeouts = stderr.match(/wat-loop: timeout in .*The guest did not return within 100 ms/g);
  assert.ok((timeouts?.length ?? 0) >= 2, stderr);
  assert.doesNotMatch(stderr, /its next event starts it anew/);
  assert.match(stdout, /Stopped: \d+ ok, \d+ failed, 0 skipped/);
});

Deno.test("up ends at once on SIGINT although a guest without a time limit is in an endless loop", async () => {
  await using app = await writeApp({ manifest: LOOPS.replace('"100ms"', '"none"') });
  const cli = startCli([app.manifest, "--log-dir", "", "--grace", "100ms"]);
  await cli.until("info    wat-echo: ECHO", 5);
  const start = performance.now();
  cli.kill("SIGINT");
  const { code, stderr } = await cli.result;
  assert.equal(code, 130, stderr);
  assert.ok(performance.now() - start < 5_000);
  assert.match(stderr, /wat-loop: cancelled/);
});

Deno.test("up says what a guest was refused, once, with the line that would allow it", async () => {
  await using app = await writeApp({ manifest: PROBE });
  const connect = { connect: "127.0.0.1:9" };
  const actions = JSON.stringify([connect, connect]);
  const args = [app.manifest, "--test", "--log-dir", "", "--env", `PROBE=${actions}`];
  const { stderr } = await runCli(args);
  const lines = stderr.match(/qjs-probe: not allowed to connect to tcp:\/\/127\.0\.0\.1:9/g);
  assert.equal(lines?.length, 1, stderr);
  assert.match(
    stderr,
    /To allow it, write under \[component\.qjs-probe\] in \S+app\.toml: allowed_outbound_hosts = \["tcp:\/\/127\.0\.0\.1:9"\]/,
  );
});
