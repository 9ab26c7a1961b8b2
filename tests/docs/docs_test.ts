import assert from "node:assert/strict";
import { checkBlock } from "./check_block.ts";
import { checkTypes } from "./check_types.ts";
import { codeBlocks } from "./code_block.ts";
import { brokenLinks } from "./links.ts";
import { PageDirectory } from "./page_directory.ts";
import { existsInRepository, readPages } from "./pages.ts";

Deno.test({
  name: "every code block of the pages does what it says, in the order of its page",
  ignore: Deno.build.os === "windows", // the blocks are written for sh
  fn: async (t) => {
    const cacheDir = await Deno.makeTempDir({ prefix: "gyre-docs-cache-" });
    for (const [page, markdown] of await readPages()) {
      const blocks = codeBlocks(markdown);
      if (blocks.length === 0) continue;
      await using directory = await PageDirectory.create(cacheDir);
      for (const block of blocks) {
        await t.step(`${page}:${block.line} ${block.info}`, () => checkBlock(block, directory));
      }
    }
    await Deno.remove(cacheDir, { recursive: true });
  },
});

Deno.test("every TypeScript block of the pages has no wrong type", async () => {
  await checkTypes((await readPages()).keys());
});

Deno.test("every relative link of the pages leads somewhere", async () => {
  const pages = await readPages();
  assert.deepEqual(brokenLinks({ pages, exists: existsInRepository }), []);
});
