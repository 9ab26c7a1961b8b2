import assert from "node:assert/strict";
import { writeApp } from "../support/app.ts";
import { runCli } from "../support/cli.ts";

const MANIFEST = `[application]
name = "test"
[[trigger.timer]]
component = "echo"
interval = "10s"
[component.echo]
source = "{wat-echo}"
files = ["note.txt"]
allowed_outbound_hosts = ["https://*.example.com", "http://10.0.0.1:8080"]
[component.spare]
source = "{wat-unknown-import}"
`;

Deno.test("check prints entry points, imports and the worker's exact Deno permissions", async () => {
  await using test = await writeApp({ manifest: MANIFEST, files: { "note.txt": "hi" } });
  const { code, stdout, stderr } = await runCli(["check", test.manifest]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /trigger echo-timer-trigger: timer, every 10 s, calls handle-timer-request/);
  assert.match(stdout, /handle-timer-request: func\(string\) -> string/);
  assert.match(stdout, /net: \*\.example\.com:443, 10\.0\.0\.1:8080/);
  assert.match(
    stdout,
    /env: none[^]*ffi: none[^]*import: none[^]*run: none[^]*sys: none[^]*write: none/,
  );
  assert.match(stdout, /also covers/);
  assert.match(stdout, /spare \(no trigger calls it\)/);
  assert.match(stderr, /ERR_IMPORT_NOT_PROVIDED.*acme:mail\/send/);
});

Deno.test("check --format json prints one object per component", async () => {
  await using test = await writeApp({ manifest: MANIFEST, files: { "note.txt": "hi" } });
  const { stdout } = await runCli(["check", test.manifest, "--format", "json"]);
  const [echo, spare] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([echo.type, echo.id, echo.triggers[0].entryPoint], [
    "component",
    "echo",
    "handle-timer-request",
  ]);
  assert.deepEqual(Object.keys(echo.permissions).toSorted(), [
    "env",
    "ffi",
    "import",
    "net",
    "read",
    "run",
    "sys",
    "write",
  ]);
  assert.equal(echo.permissions.read.length, 1);
  assert.equal(spare.errors[0].code, "ERR_IMPORT_NOT_PROVIDED");
});

Deno.test("check exits with 1 if a component that a trigger calls cannot run", async () => {
  await using test = await writeApp({
    manifest: '[application]\nname = "test"\n[[trigger.timer]]\ncomponent = "a"\n' +
      'interval = "1s"\n[component.a]\nsource = "{wat-no-export}"\n',
  });
  const { code, stderr } = await runCli(["check", test.manifest]);
  assert.equal(code, 1);
  assert.match(stderr, /ERR_NO_ENTRY_POINT/);
});
