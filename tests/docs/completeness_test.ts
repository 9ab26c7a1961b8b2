import assert from "node:assert/strict";
import { POLICY_SHAPE } from "../../src/triggers/schedule/policy_schema.ts";
import {
  applicationSchema,
  componentSchema,
  triggerSchema,
  variableSchema,
} from "../../src/manifest/schema.ts";
import { runCli } from "../support/cli.ts";
import { readSourceModules } from "../support/source_module.ts";
import { readPages } from "./pages.ts";

const CODE_REGEXP = /\b(?:ERR|WARN)_[A-Z][A-Z_]*[A-Z]\b/g;
const COMMENT_REGEXP = /^\s*(?:\/\/|\/?\*).*$/gm;
const FLAG_REGEXP = /(?<=^ +(?:-\w, )?)--[a-z-]+/gm;
const LINE_TYPE_REGEXP = /\btype: "([a-z-]+)"/g;

async function page(path: string): Promise<string> {
  const text = (await readPages()).get(path);
  assert.ok(text !== undefined, `${path} is missing`);
  return text;
}

/** The words in code style that stand in the first column of the page's tables. */
function firstColumn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^\|((?:[^|\\]|\\.)*)\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word));
}

/** Codes of Node's that the source looks for. */
const NODE_CODES = ["ERR_IP_BLOCKED"];

Deno.test("troubleshooting.md lists exactly the codes of the source, each once", async () => {
  const modules = await readSourceModules();
  const codes = new Set(
    modules.flatMap(({ text }) => text.replaceAll(COMMENT_REGEXP, "").match(CODE_REGEXP) ?? []),
  );
  for (const code of NODE_CODES) assert.ok(codes.delete(code), code);
  const listed = firstColumn(await page("docs/troubleshooting.md"))
    .filter((word) => /^(?:ERR|WARN)_/.test(word));
  assert.ok(codes.has("ERR_MANIFEST") && codes.has("ERR_DENO_PERMISSION"));
  assert.deepEqual(listed.toSorted(), [...codes].toSorted());
});

const COMMANDS: readonly (readonly string[])[] = [
  ...[[], ["up"], ["check"], ["run"], ["schedule"], ["simulate"], ["trigger"]],
  ...[["runs", "list"], ["runs", "show"]],
];

Deno.test("command-line.md lists exactly the flags of the commands", async () => {
  const helps = await Promise.all(
    COMMANDS.map((command) => runCli([...command, "--help"])),
  );
  const flags = new Set(helps.flatMap(({ stdout }) => stdout.match(FLAG_REGEXP) ?? []));
  assert.ok(flags.has("--test") && flags.has("--version"));
  const listed = firstColumn(await page("docs/command-line.md"))
    .map((word) => /^--[a-z-]+/.exec(word)?.[0])
    .filter((flag) => flag !== undefined);
  assert.deepEqual([...listed].toSorted(), [...flags].toSorted());
});

Deno.test("command-line.md lists the types of all JSON lines", async () => {
  const modules = await readSourceModules();
  const printed = modules.filter(({ path }) =>
    path === "src/runtime/log_events.ts" || path.startsWith("src/cli/")
  );
  const types = new Set(
    printed.flatMap(({ text }) => [...text.matchAll(LINE_TYPE_REGEXP)].map(([, type]) => type)),
  );
  assert.ok(types.has("outcome") && types.has("error"));
  types.delete("json"); // an import attribute
  types.delete("preparing"); // logged below the level that is printed
  const listed = firstColumn(await page("docs/command-line.md"));
  for (const type of types) assert.ok(listed.includes(`${type}`), `"${type}" is missing`);
});

Deno.test("manifest.md and timer.md list every key of the manifest", async () => {
  const schemas: readonly [table: string, shape: object][] = [
    ["[application]", applicationSchema.shape],
    ["[variables]", variableSchema.shape],
    ["[component]", componentSchema.shape],
    ["[[trigger]]", triggerSchema.shape],
  ];
  const text = await page("docs/manifest.md");
  const listed = firstColumn(text);
  for (const [table, shape] of schemas) {
    for (const key of Object.keys(shape)) {
      assert.ok(listed.includes(key), `manifest.md lacks "${key}" of ${table}`);
    }
  }
  const timerPage = await page("docs/timer.md");
  for (const key of ["interval", "interval_secs", "start", "speedup"]) {
    assert.ok(timerPage.includes(`\`${key}\``), `timer.md lacks "${key}"`);
  }
  const scheduling = firstColumn(await page("docs/scheduling.md"));
  for (const key of ["schedule", "cron_expression", "timezone", ...Object.keys(POLICY_SHAPE)]) {
    assert.ok(scheduling.includes(key), `scheduling.md lacks "${key}"`);
  }
});
