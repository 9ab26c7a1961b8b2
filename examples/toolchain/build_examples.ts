// deno-lint-ignore-file no-console -- a command-line program
/**
 * Builds the example components from their sources, in place.
 *
 * With `--check` nothing is written: each component is built in memory, and the program fails if
 * the committed one was made from other sources, or differs. `--directory` names another copy of
 * the examples.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { componentWit } from "@bytecodealliance/jco-transpile/wasm-tools";
import { buildGuest } from "./build_guest.ts";
import { fingerprint } from "./fingerprint.ts";
import type { GuestSpec } from "./guest_spec.ts";

/** An example component: its sources, and where it is kept. */
type Example = GuestSpec & {
  readonly output: URL;
  /** Whether it is too large to be committed; it is then built, but never checked. */
  readonly isLarge?: true;
};

const FINGERPRINT_SECTION = "source-fingerprint";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    check: { type: "boolean", default: false },
    directory: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) },
  },
});
const EXAMPLES_ROOT = pathToFileURL(`${values.directory}/`);
const EXAMPLES: readonly Example[] = [
  {
    engine: "qjs",
    output: here("hello-timer/hello.wasm"),
    source: here("hello-timer/src/main.ts"),
    wit: here("hello-timer/wit/timer.wit"),
  },
  {
    engine: "qjs",
    output: here("two-timers/greeter/greeter.wasm"),
    source: here("two-timers/greeter/main.ts"),
    wit: here("two-timers/greeter/wit/greeter.wit"),
  },
  {
    engine: "wat",
    output: here("two-timers/heartbeat/heartbeat.wasm"),
    source: here("two-timers/heartbeat/heartbeat.wat"),
    wit: here("two-timers/heartbeat/timer.wit"),
  },
  {
    engine: "qjs",
    output: here("file-journal/journal.wasm"),
    source: here("file-journal/src/main.ts"),
    wit: here("file-journal/wit/journal.wit"),
  },
  {
    engine: "qjs",
    output: here("cron-report/report.wasm"),
    source: here("cron-report/src/main.ts"),
    wit: here("cron-report/wit/report.wit"),
  },
  {
    engine: "qjs",
    output: here("retry/flaky.wasm"),
    source: here("retry/src/main.ts"),
    wit: here("retry/wit/flaky.wit"),
  },
  {
    engine: "starlingmonkey",
    output: here("http-fetch/fetcher.wasm"),
    source: here("http-fetch/src/main.ts"),
    wit: here("http-fetch/wit/fetcher.wit"),
    isLarge: true,
  },
];

for (const example of EXAMPLES) {
  if (!values.check) await build(example);
  else if (!example.isLarge) await check(example);
}

async function build(example: Example): Promise<void> {
  const bytes = await buildExample(example);
  await Deno.writeFile(example.output, bytes);
  console.log(`Built ${name(example)}, ${bytes.length} bytes`);
}

async function check(example: Example): Promise<void> {
  const problem = await findProblem(example);
  if (problem === undefined) {
    console.log(`${name(example)} is up to date`);
    return;
  }
  console.error(
    `${name(example)} ${problem}; run "deno task build:examples" and commit it`,
  );
  Deno.exitCode = 1;
}

async function findProblem(example: Example): Promise<string | undefined> {
  const committed = await Deno.readFile(example.output);
  const rebuilt = await buildExample(example);
  if (example.engine === "wat") {
    return equal(committed, rebuilt) ? undefined : "differs from its build";
  }
  // componentize-qjs puts a few random bytes into what it builds.
  const trailer = await fingerprintSection(example);
  if (!equal(committed.subarray(-trailer.length), trailer)) {
    return "was built from other sources";
  }
  return await componentWit(committed) === await componentWit(rebuilt)
    ? undefined
    : "has another world than its build";
}

async function buildExample(example: Example): Promise<Uint8Array> {
  const component = await buildGuest(example);
  if (example.engine === "wat") return component;
  return concatenate(component, await fingerprintSection(example));
}

/** A custom section, which no host reads, that tells what a component was built from. */
async function fingerprintSection(example: Example): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const sectionName = encoder.encode(FINGERPRINT_SECTION);
  const content = encoder.encode(await fingerprint(example));
  // Both lengths are below 128, so that each is one byte of LEB128.
  const size = 1 + sectionName.length + content.length;
  return concatenate(
    Uint8Array.of(0, size, sectionName.length),
    concatenate(sectionName, content),
  );
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function name(example: Example): string {
  return example.output.href.slice(EXAMPLES_ROOT.href.length);
}

function here(path: string): URL {
  return new URL(path, EXAMPLES_ROOT);
}
