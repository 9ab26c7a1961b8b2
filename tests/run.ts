/**
 * Runs every gate and every test, and ends with the line `N passed, N failed`. What is built or
 * cached on the way goes to a temporary directory that is removed at the end.
 *
 * @module
 */

import { join } from "node:path";

/** How many tests passed and failed. */
interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const SUMMARY_REGEXP = /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed/m;

const TOOLCHAIN = "examples/toolchain";
const GATES: readonly (readonly string[])[] = [
  ["fmt", "--check", "--quiet"],
  ["lint", "--quiet"],
  ["check", "--quiet", "."],
  ["doc", "--lint", "--quiet", "mod.ts"],
  ["publish", "--dry-run", "--allow-dirty", "--quiet"],
  // A project of its own, with its own configuration.
  ["fmt", "--check", "--quiet", "--config", `${TOOLCHAIN}/deno.json`, TOOLCHAIN],
  ["lint", "--quiet", "--config", `${TOOLCHAIN}/deno.json`, TOOLCHAIN],
  ["check", "--quiet", "--config", `${TOOLCHAIN}/deno.json`, TOOLCHAIN],
];

/**
 * Reads the last line of Deno's test runner.
 *
 * @param output What the runner printed.
 * @param success Whether it exited with 0.
 * @returns The counts; one failure if there is no such line, or if it belies the exit code.
 */
export function tallyOf(output: string, success: boolean): Tally {
  const match = SUMMARY_REGEXP.exec(output);
  if (match === null) return { passed: 0, failed: 1 };
  const [passed, failed] = [Number(match[1]), Number(match[2])];
  return { passed, failed: success || failed > 0 ? failed : 1 };
}

async function runGate(args: readonly string[], env: Record<string, string>): Promise<Tally> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env,
  }).output();
  write(`${success ? "ok    " : "FAILED"} deno ${args.join(" ")}\n`);
  if (!success) {
    write(new TextDecoder().decode(stdout));
    write(new TextDecoder().decode(stderr));
  }
  return { passed: success ? 1 : 0, failed: success ? 0 : 1 };
}

async function runTests(env: Record<string, string>): Promise<Tally> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-prompt", "--quiet", "--parallel", "tests"],
    env,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    write(chunk);
    output += chunk;
  }
  return tallyOf(output, (await child.status).success);
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

async function main(): Promise<Tally> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-test-" });
  const env = {
    NO_COLOR: "1",
    GYRE_BUILD_DIR: join(directory, "guests"),
    GYRE_CACHE_DIR: join(directory, "cache"),
  };
  try {
    const tallies: Tally[] = [];
    for (const gate of GATES) tallies.push(await runGate(gate, env));
    tallies.push(await runTests(env));
    return {
      passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
      failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  const { passed, failed } = await main();
  write(`${passed} passed, ${failed} failed\n`);
  Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
}
