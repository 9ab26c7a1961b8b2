/**
 * How long a user waits for the first event, with everything in the cache.
 *
 * @module
 */

import type { Measurement } from "./measurement.ts";

const RUNS = 15;
const ROOT = new URL("../", import.meta.url).pathname;

/**
 * Measures the time from starting the process to the first line of output.
 *
 * @returns The empty program, for scale, and the warm start of an application.
 */
export async function measureWarmStart(): Promise<readonly Measurement[]> {
  const empty = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(empty, 'console.log("ready");');
  const app = `${ROOT}examples/hello-timer/app.toml`;
  const start = ["run", "-A", `${ROOT}cli.ts`, app, "--test", "--log-dir", ""];
  const programs = [
    { name: "start to output: empty Deno program", args: ["run", empty], line: "ready", runs: [] },
    { name: "start to first event: warm, QuickJS guest", args: start, line: "Hello", runs: [] },
  ] as { name: string; args: string[]; line: string; runs: number[] }[];
  for (const { args, line } of programs) await timeToLine(args, line); // fills the caches
  for (let run = 0; run < RUNS; run++) {
    for (const program of programs) program.runs.push(await timeToLine(program.args, program.line));
  }
  await Deno.remove(empty);
  return programs.map(({ name, runs }) => ({ name, unit: "ms", samples: runs }));
}

async function timeToLine(args: readonly string[], line: string): Promise<number> {
  const begin = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let elapsed: number | undefined;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (elapsed === undefined && chunk.includes(line)) elapsed = performance.now() - begin;
  }
  await child.status;
  if (elapsed === undefined) throw new Error(`deno ${args.join(" ")} never printed "${line}"`);
  return elapsed;
}
