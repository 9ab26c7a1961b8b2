import assert from "node:assert/strict";
import { writeApp } from "../support/app.ts";
import { runCli, startCli } from "../support/cli.ts";
import { guest } from "../support/guests.ts";

/** An application of commands: each a component, a guest and arguments in TOML. */
function appOf(...commands: (readonly [id: string, guest: string, args?: string])[]): string {
  const components = new Map(commands.map(([id, guest]) => [id, guest]));
  return `[application]\nname = "test"\n` +
    commands.map(([id, _, args]) =>
      `[[trigger.command]]\ncomponent = "${id}"\n${
        args === undefined ? "" : `arguments = ${args}\n`
      }`
    ).join("") +
    [...components].map(([id, guest]) => `[component.${id}]\nsource = "{${guest}}"\n`).join("");
}

Deno.test("an application of commands runs each once, with its own arguments, and ends with 0", async () => {
  await using app = await writeApp({
    manifest: appOf(
      ["say", "qjs-command", '["arguments", "one"]'],
      ["say", "qjs-command", '["arguments", "two"]'],
      ["quick", "wat-run"],
      ["leave", "wat-run-exit"],
      ["old", "wat-preview-one", '["all"]'],
    ),
  });
  for (const more of [[], ["--test"]]) {
    const { code, stdout, stderr } = await runCli([app.manifest, "--log-dir", "", ...more]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /say \| \["say","arguments","one"\]\n/);
    assert.match(stdout, /say \| \["say","arguments","two"\]\n/);
    assert.match(stdout, /old \| old/);
    assert.match(stdout, /info {4}leave: ok\n/);
    assert.match(stdout, /say: command, once, with "arguments" "one"\n/);
    assert.match(stdout, /Stopped: 5 ok, 0 failed, 0 skipped/);
  }
});

Deno.test("an application of commands ends with 1 when one of them fails, and shows its exit code", async () => {
  await using app = await writeApp({
    manifest: appOf(
      ["quick", "wat-run"],
      ["seven", "qjs-command", '["exit", "7"]'],
      ["fails", "wat-run-fail"],
      ["traps", "wat-run-trap"],
    ),
  });
  const { code, stdout } = await runCli([app.manifest, "--log-dir", "", "--format", "json"]);
  assert.equal(code, 1);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const outcomes = lines.filter(({ type }) => type === "outcome")
    .map(({ component, kind, event, error }) => [component, kind, event, error?.exitCode]);
  assert.deepEqual(outcomes.sort(), [
    ["fails", "guest-error", "run", 1],
    ["quick", "ok", "run", undefined],
    ["seven", "guest-error", "run", 7],
    ["traps", "trap", "run", undefined],
  ]);
});

Deno.test("a command beside a timer does not end the application", async () => {
  await using app = await writeApp({
    manifest: appOf(["quick", "wat-run"]) +
      '[[trigger.timer]]\ncomponent = "echo"\ninterval = "100ms"\n' +
      '[component.echo]\nsource = "{wat-echo}"\n',
  });
  const cli = startCli([app.manifest, "--log-dir", ""]);
  await cli.until("echo: ECHO", 2);
  cli.kill("SIGINT");
  const { code, stdout } = await cli.result;
  assert.equal(code, 0);
  assert.equal(stdout.split("quick: ok").length, 2);
});

Deno.test("a command that runs on is cancelled by a stop", async () => {
  await using app = await writeApp({
    manifest: appOf(["slow", "qjs-command", '["sleep"]']),
  });
  const cli = startCli([app.manifest, "--log-dir", "", "--grace", "50ms"]);
  await cli.until("slow | asleep");
  cli.kill("SIGINT");
  const { code, stderr } = await cli.result;
  assert.equal(code, 130);
  assert.match(stderr, /slow: cancelled in trigger slow-command-trigger, event run/);
});

Deno.test("up and check say how a command is run when another trigger names it", async () => {
  const file = await guest("wat-run");
  for (const args of [["up", file, "--log-dir", ""], ["check", file]]) {
    const { code, stdout, stderr } = await runCli(args);
    assert.equal(code, 1);
    assert.match(stdout + stderr, /ERR_NO_ENTRY_POINT/);
    assert.match(stdout + stderr, /gyre run wat-run\.wasm.*\[\[trigger\.command\]\]/);
  }
});

Deno.test("check shows what a command trigger calls", async () => {
  await using app = await writeApp({ manifest: appOf(["quick", "wat-run", '["a b"]']) });
  const { code, stdout } = await runCli(["check", app.manifest]);
  assert.equal(code, 0);
  assert.match(stdout, /command, once, with "a b", calls wasi:cli\/run@0\.2\.3#run\n/);
});

Deno.test("the manifest refuses arguments that are no list of strings", async () => {
  await using app = await writeApp({ manifest: appOf(["quick", "wat-run", '["a", 1]']) });
  const { code, stderr } = await runCli(["check", app.manifest]);
  assert.equal(code, 1);
  assert.match(stderr, /ERR_\w+.*\n?.*arguments/);
});
