import assert from "node:assert/strict";
import { join } from "node:path";
import { writeApp } from "../support/app.ts";
import { runCli, startCli } from "../support/cli.ts";
import { guest } from "../support/guests.ts";

const HELLO = new URL("../../examples/hello-timer/app.toml", import.meta.url).pathname;

function timer(component: string, interval: string): string {
  return `[[trigger.timer]]\ncomponent = "${component}"\ninterval = "${interval}"\n` +
    `[component.${component}]\nsource = "{${component}}"\n`;
}

function app(...parts: string[]): string {
  return `[application]\nname = "test"\n${parts.join("")}`;
}

Deno.test("up runs the example, prints a result every second, and stops on SIGINT with 0", async () => {
  const cli = startCli([HELLO, "--log-dir", "", "--no-state"]);
  await cli.until("info    hello: Hello, it is 2", 3);
  cli.kill("SIGINT");
  const { code, stdout, stderr } = await cli.result;
  assert.equal(code, 0, stderr);
  const ticks = [...stdout.matchAll(/Hello, it is (\S+)/g)].map(([, time]) =>
    Date.parse(time ?? "")
  );
  assert.ok(ticks.length >= 3);
  for (let index = 1; index < ticks.length; index++) {
    assert.equal((ticks[index] ?? 0) - (ticks[index - 1] ?? 0), 1_000);
  }
  assert.match(stdout, /Stopped: 3 ok, 0 failed, 0 skipped/);
});

Deno.test("up stops on SIGTERM with 0", async () => {
  const cli = startCli([HELLO, "--log-dir", "", "--no-state"]);
  await cli.until("Started");
  cli.kill("SIGTERM");
  assert.equal((await cli.result).code, 0);
});

Deno.test("up --test fires every trigger once and exits 0 if all are ok", async () => {
  await using test = await writeApp({
    manifest: app(timer("wat-echo", "1h"), timer("wat-no-param", "1h"), timer("sm-echo", "1h")),
  });
  const { code, stdout, stderr } = await runCli(["up", test.directory, "--test"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /wat-echo: ECHO: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/);
  assert.match(stdout, /Stopped: 3 ok, 0 failed/);
});

Deno.test("up --test exits 1 and names the component that traps, with its functions", async () => {
  await using test = await writeApp({
    manifest: app(timer("wat-trap", "1h"), timer("wat-echo", "1h")),
  });
  const { code, stdout, stderr } = await runCli([test.manifest, "--test"]);
  assert.equal(code, 1);
  assert.match(stdout, /wat-echo: ECHO/);
  assert.match(
    stderr,
    /wat-trap: trap in trigger wat-trap-timer-trigger, event 2\S+Z, after .*unreachable/,
  );
  assert.match(stderr, /\n {4}at the_culprit \(wasm-function\[\d+\]:0x[0-9a-f]+\)\n/);
});

Deno.test("up goes on after failures of every kind, on fresh state, while other timers run", async () => {
  await using test = await writeApp({
    manifest: app(
      timer("wat-trap", "50ms"),
      timer("wat-err-result", "50ms"),
      timer("wat-exit", "50ms"),
      timer("wat-recurse", "50ms"),
      timer("wat-count", "50ms"),
    ),
  });
  const cli = startCli([test.manifest, "--format", "json", "--log-dir", ""]);
  for (const id of ["wat-trap", "wat-err-result", "wat-exit", "wat-recurse", "wat-count"]) {
    await cli.until(`"type":"outcome","component":"${id}"`, 2);
  }
  cli.kill("SIGINT");
  const { code, stdout } = await cli.result;
  assert.equal(code, 0);
  const outcomes = stdout.trim().split("\n").map((line) => JSON.parse(line))
    .filter(({ type }) => type === "outcome");
  const kinds = (id: string) =>
    new Set(outcomes.filter(({ component }) => component === id).map(({ kind }) => kind));
  assert.deepEqual(kinds("wat-trap"), new Set(["trap"]));
  assert.deepEqual(kinds("wat-recurse"), new Set(["trap"]));
  assert.deepEqual(kinds("wat-err-result"), new Set(["guest-error"]));
  assert.deepEqual(kinds("wat-exit"), new Set(["guest-error"]));
  const counts = new Set(
    outcomes.filter(({ component }) => component === "wat-count").map(({ value }) =>
      value.split(" ")[0]
    ),
  );
  assert.deepEqual(counts, new Set(["1"]));
});

Deno.test("up cancels events that outlast the grace, and exits 130", async () => {
  await using test = await writeApp({ manifest: app(timer("wat-sleep-long", "50ms")) });
  const cli = startCli([test.manifest, "--grace", "100ms", "--format", "json", "--log-dir", ""]);
  await cli.until("started");
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // let an event begin
  cli.kill("SIGINT");
  const { code, stdout } = await cli.result;
  assert.equal(code, 130);
  assert.match(stdout, /"type":"stopping","running":1,"grace":100/);
  assert.match(stdout, /"kind":"cancelled"/);
  assert.match(stdout, /"forced":true/);
});

Deno.test("up ends at once on a second signal, also while a guest is busy, with 130", async () => {
  await using test = await writeApp({ manifest: app(timer("wat-loop", "50ms")) });
  const cli = startCli([test.manifest, "--grace", "1h", "--log-dir", ""]);
  await cli.until("Started");
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // let the event begin
  cli.kill("SIGINT");
  await cli.until("Stopping: 1 running");
  await new Promise((resolve) => setTimeout(resolve, 200)); // beyond the echo of the first signal
  const before = performance.now();
  cli.kill("SIGINT");
  assert.equal((await cli.result).code, 130);
  assert.ok(performance.now() - before < 5_000);
});

Deno.test("up keeps what guests write in files, and prints it as --quiet and --follow say", async () => {
  await using test = await writeApp({
    manifest: app(timer("wat-stdout", "1h"), timer("wat-echo", "1h")),
  });
  const shown = await runCli([test.manifest, "--test"]);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^wat-stdout \| /m);
  const kept = await Deno.readTextFile(join(test.directory, ".gyre/logs/wat-stdout_stdout.txt"));
  assert.ok(kept.endsWith("\n"));
  assert.ok(kept.split("\n").length > 2);
  assert.ok(
    (await Deno.stat(join(test.directory, ".gyre/logs/wat-stdout_stderr.txt"))).size > 0,
  );
  for (const flags of [["--quiet"], ["--follow", "wat-echo"]]) {
    const { code, stdout } = await runCli([test.manifest, "--test", ...flags]);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /^wat-stdout \| /m);
  }
});

Deno.test("up runs only the components that -c names, with --env and --variable", async () => {
  await using test = await writeApp({
    manifest: app(timer("wat-echo", "1h"), timer("wat-trap", "1h")) +
      "[variables]\ntoken = { required = true }\n",
  });
  const without = await runCli([test.manifest, "--test", "-c", "wat-echo"]);
  assert.equal(without.code, 1);
  assert.match(without.stderr, /error\[ERR_VARIABLE_REQUIRED\].*token/);
  const { code, stdout } = await runCli(
    [test.manifest, "--test", "-c", "wat-echo", "--variable", "token=x", "-e", "A=b"],
  );
  assert.equal(code, 0);
  assert.match(stdout, /Stopped: 1 ok, 0 failed/);
});

Deno.test("up takes a component for a manifest", async () => {
  const { code, stdout } = await runCli([await guest("wat-echo"), "--test", "--log-dir", ""]);
  assert.equal(code, 0);
  assert.match(stdout, /ECHO: /);
});

Deno.test("up takes a component from a URL, checks its digest, and needs no network after", async () => {
  const bytes = await Deno.readFile(await guest("wat-echo"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    requests++;
    return new Response(bytes);
  });
  const manifest = (hex: string) =>
    app() + '[[trigger.timer]]\ncomponent = "remote"\ninterval = "1s"\n[component.remote]\n' +
    `source = { url = "http://127.0.0.1:${server.addr.port}/c.wasm", digest = "sha256:${hex}" }\n`;
  await using test = await writeApp({ manifest: manifest(digest) });
  await using wrong = await writeApp({ manifest: manifest("0".repeat(64)) });
  const cache = ["--cache-dir", join(test.directory, "cache"), "--log-dir", ""];
  const bad = await runCli([wrong.manifest, "--test", ...cache]);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /ERR_DIGEST_MISMATCH/);
  assert.equal((await runCli([test.manifest, "--test", ...cache])).code, 0);
  const before = requests;
  assert.equal((await runCli([test.manifest, "--test", ...cache])).code, 0);
  assert.equal(requests, before);
  await server.shutdown();
});

Deno.test("up refuses a component without entry point or with unknown imports, all at once", async () => {
  await using test = await writeApp({
    manifest: app(
      timer("wat-no-export", "1s"),
      timer("wat-unknown-import", "1s"),
      timer("wat-wrong-signature", "1s"),
    ),
  });
  const { code, stdout, stderr } = await runCli([test.manifest, "--log-dir", ""]);
  assert.equal(code, 1);
  assert.doesNotMatch(stdout, /Started/);
  assert.match(stderr, /ERR_NO_ENTRY_POINT\]: Component "wat-no-export"/);
  assert.match(stderr, /ERR_NO_ENTRY_POINT\]: Component "wat-wrong-signature".*func\(u32\)/);
  assert.match(
    stderr,
    /ERR_IMPORT_NOT_PROVIDED\]: Component "wat-unknown-import".*acme:mail\/send/,
  );
});

Deno.test("up ends quietly when whoever reads its output goes away", async () => {
  await using test = await writeApp({ manifest: app(timer("wat-echo", "200ms")) });
  const cli = new URL("../../cli.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      `{ "${Deno.execPath()}" run --quiet -A "${cli}" "${test.manifest}" --log-dir ""; echo "exit $?" >&2; } | head -n 2`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0);
  assert.match(decoder.decode(stdout), /Started/);
  assert.equal(decoder.decode(stderr).trim(), "exit 0");
});

Deno.test("up stops on a signal while it still waits for a download", async () => {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<Response>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    asked.resolve();
    return release.promise;
  });
  await using test = await writeApp({
    manifest: app() + '[[trigger.timer]]\ncomponent = "slow"\ninterval = "1s"\n[component.slow]\n' +
      `source = { url = "http://127.0.0.1:${server.addr.port}/", digest = "sha256:${
        "0".repeat(64)
      }" }\n`,
  });
  const cli = startCli([test.manifest, "--log-dir", "", "--cache-dir", test.directory]);
  await asked.promise;
  cli.kill("SIGINT");
  const { code, stderr } = await cli.result;
  assert.equal(code, 0, stderr);
  release.resolve(new Response());
  await server.shutdown();
});

Deno.test("up says so where the log directory cannot be made", async () => {
  await using test = await writeApp({ manifest: app(timer("wat-echo", "1h")) });
  const { code, stderr } = await runCli([test.manifest, "--log-dir", join(test.manifest, "logs")]);
  assert.equal(code, 1);
  assert.match(stderr, /error\[ERR_LOG_DIR\]/);
});
