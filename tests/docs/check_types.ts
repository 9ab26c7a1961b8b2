/**
 * Type-checks the TypeScript blocks of pages, as Deno itself knows how to.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Type-checks every `ts` block of the pages, whatever its marks are, all in one process.
 *
 * @param pages The pages, by paths from the repository's root.
 */
export async function checkTypes(pages: Iterable<string>): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--doc-only", ...pages],
    cwd: REPOSITORY,
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}
