import assert from "node:assert/strict";
import type { ManifestIssue } from "../../mod.ts";
import { writeApp } from "../support/app.ts";
import { runCli } from "../support/cli.ts";

Deno.test("the command line prints help and version with 0", async () => {
  for (const args of [["--help"], ["up", "--help"], ["check", "--help"], ["help", "up"]]) {
    const { code, stdout } = await runCli(args);
    assert.equal(code, 0, args.join(" "));
    assert.match(stdout, /^Usage: gyre/);
  }
  const { code, stdout } = await runCli(["--version"]);
  assert.equal(code, 0);
  assert.match(stdout, /^gyre \d+\.\d+\.\d+ \(deno /);
});

Deno.test("errors of use exit with 2 and say what is right", async () => {
  const cases: readonly [args: string[], text: RegExp][] = [
    [[], /Usage: gyre/],
    [["up"], /missing required argument 'app'/],
    [["app.toml", "--tset"], /Did you mean --test\?/],
    [["app.toml", "--format", "xml"], /plain, json/],
    [["app.toml", "--grace", "soon"], /duration such as/],
    [["app.toml", "--env", "NAME"], /NAME=VALUE/],
  ];
  for (const [args, text] of cases) {
    const { code, stderr } = await runCli(args);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, text);
  }
});

Deno.test("what cannot be run exits with 1, and shows no stack", async () => {
  await using broken = await writeApp({ manifest: "[application\nname = 1" });
  await using typo = await writeApp({
    manifest: '[application]\nname = "x"\n[[trigger.timer]]\ncomponent = "a"\nintervall = "1s"\n',
  });
  await using empty = await writeApp({ manifest: '[application]\nname = "x"\n' });
  await using deep = await writeApp({
    manifest: `[application]\nname = "x"\n[component.c.tool${".a".repeat(20_000)}]\n`,
  });
  const cases: readonly [args: string[], text: RegExp][] = [
    [[deep.manifest], /error\[ERR_MANIFEST_SYNTAX\]/],
    [["/nowhere/app.toml"], /error\[ERR_APP_NOT_FOUND\]/],
    [[broken.manifest], /error\[ERR_MANIFEST_SYNTAX\][^]*app\.toml:1:/],
    [[typo.manifest], /error\[ERR_UNKNOWN_KEY\][^]*app\.toml:5:1[^]*Did you mean "interval"\?/],
    [[typo.manifest], /error\[ERR_UNKNOWN_COMPONENT\]/],
    [[empty.manifest], /error\[ERR_NO_TRIGGERS\]/],
    [[empty.manifest, "-c", "b"], /error\[ERR_UNKNOWN_COMPONENT\]/],
    [[empty.manifest, "--follow", "b"], /error\[ERR_UNKNOWN_COMPONENT\]/],
  ];
  for (const [args, text] of cases) {
    const { code, stderr } = await runCli(args);
    assert.equal(code, args.length > 1 ? 2 : 1, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, text);
    assert.doesNotMatch(stderr, /^\s+at .*\.ts:/m);
  }
  const { stdout } = await runCli([typo.manifest, "--format", "json"]);
  const { type, code, issues } = JSON.parse(stdout);
  assert.deepEqual([type, code], ["error", "ERR_MANIFEST"]);
  assert.deepEqual(issues.map((issue: ManifestIssue) => issue.location?.line), [4, 5]);
});
