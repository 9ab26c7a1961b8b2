/**
 * Components tried in a process of their own, which may write to one directory and nothing else: it may
 * neither reach the network nor start anything.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { TextLineStream } from "./text_line_stream.ts";
import type { Verdict } from "./verdict.ts";

/** What the process is to do. */
export interface Batch {
  /** What is tried: mutants by their seeds, giants by their names. */
  readonly subjects: readonly (number | string)[];
  /** The files of the components that mutants are made from. */
  readonly ancestors: readonly string[];
  /** The only directory that is written to. */
  readonly directory: string;
  /** How many are tried at the same time. */
  readonly concurrency: number;
}

/** What the process prints, line by line. */
export type BatchLine =
  | { readonly begun: string }
  | { readonly id: string; readonly verdict: Verdict; readonly rss: number }
  | { readonly unhandled: string }
  | { readonly done: true };

/** How a process ended, and what became of its mutants. */
export interface BatchResult {
  /** What became of each, by `seed-<number>` or the giant's name. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** What was under way when the process ended. */
  readonly unfinished: readonly string[];
  /** What was rejected and never handled. */
  readonly unhandled: readonly string[];
  /** How much memory the process held at most, in bytes. */
  readonly rss: number;
  /** Whether it did all its work and ended in good order. */
  readonly survived: boolean;
  /** What it said on stderr. */
  readonly stderr: string;
}

const MAIN = fileURLToPath(new URL("batch_main.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/**
 * Runs a batch.
 *
 * @param batch The components.
 * @param patience How long (ms) none may end before the process counts as hanging.
 * @returns What became of them.
 */
export async function runBatch(batch: Batch, patience = 90_000): Promise<BatchResult> {
  const { directory } = batch;
  const child = new Deno.Command(Deno.execPath(), {
    // deno-fmt-ignore
    args: [
      "run", "--no-prompt", "--cached-only", "--config", CONFIG,
      "--allow-read", "--allow-env", "--allow-sys", `--allow-write=${directory}`,
      MAIN, JSON.stringify(batch),
    ],
    env: { TMPDIR: directory, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const verdicts = new Map<string, Verdict>();
  const begun = new Set<string>();
  const unhandled: string[] = [];
  let [rss, done] = [0, false];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const text of lines) {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill("SIGKILL"), patience);
    const line: BatchLine = JSON.parse(text);
    if ("begun" in line) begun.add(line.begun);
    else if ("unhandled" in line) unhandled.push(line.unhandled);
    else if ("done" in line) done = true;
    else {
      begun.delete(line.id);
      verdicts.set(line.id, line.verdict);
      rss = Math.max(rss, line.rss);
    }
  }
  clearTimeout(timer);
  const { success } = await child.status;
  return {
    verdicts,
    unfinished: [...begun],
    unhandled,
    rss,
    survived: done && success,
    stderr: await stderr,
  };
}
