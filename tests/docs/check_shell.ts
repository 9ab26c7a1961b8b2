/**
 * Runs the commands of a page.
 *
 * @module
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { PageDirectory } from "./page_directory.ts";

/** The command that runs this very test; running it here would never end. */
const TEST_TASK_REGEXP = /^(?:npx -y )?deno task test$/;

/** Options of {@linkcode checkShell}. */
export interface CheckShellOptions {
  /** Whether the block is one command that runs until SIGINT, and then exits with 0. */
  readonly untilInterrupt: boolean;
}

/**
 * Runs each command of a block by a `sh` of its own, in the clone, and expects the exit code 0.
 *
 * @param text The commands, one a line; a backslash at its end continues a line.
 * @param directory Where to run them.
 * @param options How the commands end.
 */
export async function checkShell(
  text: string,
  directory: PageDirectory,
  { untilInterrupt }: CheckShellOptions,
): Promise<void> {
  const commands = commandsIn(text);
  assert.ok(commands.length > 0, "The block has no command");
  if (untilInterrupt) assert.equal(commands.length, 1, "Only one command can be interrupted");
  for (const command of commands) {
    if (TEST_TASK_REGEXP.test(command)) {
      await assertTask("test", directory);
      continue;
    }
    // What is interrupted must be the program itself, not a shell around it.
    const script = untilInterrupt ? `exec ${command}` : command;
    const { code, output, interrupted } = await directory.run(["sh", "-c", script], {
      interrupt: untilInterrupt,
    });
    assert.equal(code, 0, `"${command}" exited with ${code}:\n${output}`);
    assert.equal(interrupted, untilInterrupt, `"${command}" ended before it printed a line`);
  }
}

/**
 * Takes the commands out of a block.
 *
 * @param text The block's text.
 * @returns The commands; comments and empty lines are none.
 */
export function commandsIn(text: string): readonly string[] {
  return text.replaceAll(/\\\n\s*/g, "").split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

async function assertTask(name: string, { clone }: PageDirectory): Promise<void> {
  const { tasks }: { readonly tasks: Readonly<Record<string, unknown>> } = JSON.parse(
    await Deno.readTextFile(join(clone, "deno.json")),
  );
  assert.ok(Object.hasOwn(tasks, name), `deno.json has no task "${name}"`);
}
