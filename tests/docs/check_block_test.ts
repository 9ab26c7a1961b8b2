import assert from "node:assert/strict";
import { join } from "node:path";
import { checkBlock } from "./check_block.ts";
import { checkTypes } from "./check_types.ts";
import { commandsIn } from "./check_shell.ts";
import { PageDirectory } from "./page_directory.ts";

interface Case {
  readonly info: string;
  readonly text: string;
  /** What the failure says; the block is good if absent. */
  readonly failure?: RegExp;
}

const TIMER = '[[trigger.timer]]\ninterval = "1s"\n';
const ECHO_FOREVER = 'trap "exit 0" INT; echo started; while :; do sleep 0.01; done';

const CASES: readonly Case[] = [
  { info: "text", text: "anything {" },
  { info: "", text: "echo 1\n", failure: /known language/ },
  { info: "json", text: '{ "a": [1] }\n' },
  { info: "json", text: "{ a: 1 }\n", failure: /JSON/ },
  { info: "json", text: '{"a":1}\n{"a":2}\n', failure: /JSON/ },
  { info: "json lines", text: '{"a":1}\n{"a":2}\n' },
  { info: "json lines", text: '{"a":1}\n{"a":}\n', failure: /JSON/ },
  { info: "toml fragment", text: TIMER },
  { info: "toml", text: TIMER, failure: /ERR_MISSING_KEY/ },
  { info: "toml fragment", text: `${TIMER}intervall = 1\n`, failure: /ERR_UNKNOWN_KEY/ },
  {
    info: "toml fragment",
    text: '[component.a]\nallowed_http_hosts = ["a.com"]\n',
    failure: /WARN_DEPRECATED_KEY/,
  },
  { info: "toml", text: '[application]\nname = "a"\n' },
  { info: "sh", text: "# a comment\n\ntrue\n" },
  { info: "sh", text: "true\nfalse\n", failure: /"false" exited with 1/ },
  { info: "sh", text: "# nothing\n", failure: /no command/ },
  { info: "sh", text: "npx -y deno eval 'Deno.exit(Deno.noColor ? 0 : 1)'\n" },
  { info: "sh", text: "npx -y cowsay\n", failure: /npx runs only deno/ },
  { info: "sh", text: "npx -y deno task test\n" },
  { info: "sh runs-until-interrupt", text: `sh -c '${ECHO_FOREVER}'\n` },
  { info: "sh runs-until-interrupt", text: "true\n", failure: /before it printed a line/ },
  {
    info: "sh runs-until-interrupt",
    text: `sh -c '${ECHO_FOREVER.replace("exit 0", "exit 3")}'\n`,
    failure: /exited with 3/,
  },
  { info: "sh runs-until-interrupt", text: "true\ntrue\n", failure: /Only one command/ },
  { info: "ts", text: 'const a: string = "a";\nif (a !== "a") throw new Error(a);\n' },
  { info: "ts", text: 'throw new Error("It was run");\n', failure: /It was run/ },
  { info: "ts check", text: 'throw new Error("It was run");\n' },
  { info: "ts file=made/a.ts", text: 'throw new Error("It was run");\n' },
  { info: "wit", text: "package a:b;\nworld c { export d: func() -> string; }\n" },
  { info: "wit", text: "package a:b;\nworld c { export d: fun(); }\n", failure: /expected/ },
];

Deno.test({
  name: "checkBlock() fails exactly when a block is not as it says",
  ignore: Deno.build.os === "windows",
  fn: async (t) => {
    const cacheDir = await Deno.makeTempDir();
    await using directory = await PageDirectory.create(cacheDir);
    for (const { info, text, failure } of CASES) {
      await t.step(`${info}: ${JSON.stringify(text)}`, async () => {
        const check = checkBlock({ line: 1, info, text }, directory);
        if (failure === undefined) await check;
        else await assert.rejects(check, failure);
      });
    }
    assert.ok((await Deno.stat(join(directory.clone, "made/a.ts"))).isFile);
    await Deno.remove(cacheDir, { recursive: true });
  },
});

Deno.test({
  name: "checkBlock() fails when the test task is gone, or a file is outside",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using directory = await PageDirectory.create("/none");
    await directory.write("deno.json", '{ "tasks": {} }');
    await assert.rejects(
      checkBlock({ line: 1, info: "sh", text: "deno task test\n" }, directory),
      /no task "test"/,
    );
    await assert.rejects(
      checkBlock({ line: 1, info: "json file=../../a.json", text: "{}\n" }, directory),
      /outside the page's directory/,
    );
  },
});

Deno.test("checkTypes() fails when a block of any page has a wrong type, marked or not", async () => {
  const page = (info: string, value: string) =>
    `# A\n\n\`\`\`${info}\nconst a: number = ${value};\n\`\`\`\n`;
  const directory = await Deno.makeTempDir();
  const [good, bad] = [join(directory, "good.md"), join(directory, "bad.md")];
  await Deno.writeTextFile(good, page("ts", "1"));
  await checkTypes([good]);
  for (const info of ["ts", "ts check", "ts file=a.ts"]) {
    await Deno.writeTextFile(bad, page(info, '"a"'));
    await assert.rejects(checkTypes([good, bad]), /TS2322[^]*bad\.md/);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("commandsIn() joins lines that end with a backslash", () => {
  assert.deepEqual(commandsIn("a \\\n  b\n# c\n\n  d\n"), ["a b", "d"]);
});
