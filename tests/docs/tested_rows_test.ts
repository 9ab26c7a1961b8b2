/**
 * The rows of the tables in docs/scheduling.md are promises. After each table that has some, a
 * comment names a test for each row.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readPages } from "./pages.ts";

const TABLE_REGEXP = /((?:^\|.*\n)+)\n<!-- tests, one for each row:\n([^]*?)-->/gm;
/** The head of a table, and the line below it. */
const HEAD_LINES = 2;

const page = (await readPages()).get("docs/scheduling.md") ?? "";
const tables = [...page.matchAll(TABLE_REGEXP)].map(([, table = "", comment = ""]) => ({
  rows: table.trim().split("\n").slice(HEAD_LINES),
  tests: comment.trim().split("\n"),
}));

Deno.test("scheduling.md names a test for each row of its tables", () => {
  assert.equal(tables.length, page.split("<!--").length - 1, "each comment follows a table");
  assert.ok(tables.length > 5);
  for (const { rows, tests } of tables) assert.equal(tests.length, rows.length, rows[0]);
});

Deno.test("scheduling.md names tests that are there", async () => {
  const texts = await testTexts(new URL("../", import.meta.url));
  const missing = tables.flatMap(({ tests }) => tests)
    .filter((test) => !texts.some((text) => text.includes(test)));
  assert.deepEqual(missing, []);
});

async function testTexts(directory: URL): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) texts.push(...await testTexts(new URL(`${name}/`, directory)));
    else if (name.endsWith("_test.ts")) {
      texts.push(await Deno.readTextFile(new URL(name, directory)));
    }
  }
  return texts;
}
