/**
 * Runs or checks one code block, as its info string says.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parseInfo } from "./block_info.ts";
import { checkManifest } from "./check_manifest.ts";
import { checkShell } from "./check_shell.ts";
import type { CodeBlock } from "./code_block.ts";
import type { PageDirectory } from "./page_directory.ts";

const PARSE_WIT = fileURLToPath(new URL("parse_wit_main.ts", import.meta.url));

/**
 * Runs or checks a block. A block with `file=PATH` is written there as well.
 *
 * - `json`: is parsed; with `lines`, each line of it.
 * - `sh`: each command is run, and must exit with 0; with `runs-until-interrupt`, after SIGINT.
 * - `text`: is left alone.
 * - `toml`: is read as a manifest, without errors and warnings; with `fragment`, completed first.
 * - `ts`: is run; with `check` or as a file, it is left to the type check of its whole page.
 * - `wit`: is parsed.
 *
 * @param block The block.
 * @param directory Where the blocks of its page run.
 * @throws {Error} If the block is not as it says, or says what is not known.
 */
export async function checkBlock(block: CodeBlock, directory: PageDirectory): Promise<void> {
  const { text, line } = block;
  const { language, mark, file } = parseInfo(block.info);
  const path = file === undefined ? undefined : await directory.write(file, text);
  switch (language) {
    case "json":
      for (const part of mark === "lines" ? text.trim().split("\n") : [text]) JSON.parse(part);
      break;
    case "sh":
      await checkShell(text, directory, { untilInterrupt: mark === "runs-until-interrupt" });
      break;
    case "text":
      break;
    case "toml":
      await checkManifest(text, { fragment: mark === "fragment" });
      break;
    case "ts":
      if (mark !== undefined || path !== undefined) break;
      await assertRuns(
        ["deno", "run", "--allow-all", await directory.write(`block_${line}.ts`, text)],
        directory,
      );
      break;
    case "wit":
      await assertRuns(["deno", "run", "--allow-all", PARSE_WIT], directory, text);
      break;
    default:
      language satisfies never;
  }
}

async function assertRuns(
  command: readonly string[],
  directory: PageDirectory,
  stdin = "",
): Promise<void> {
  const { code, output } = await directory.run(command, { stdin });
  assert.equal(code, 0, output);
}
