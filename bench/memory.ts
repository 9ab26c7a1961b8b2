/**
 * What an application that waits for its next event keeps in memory.
 *
 * @module
 */

import { join } from "node:path";
import { guest, type GuestName } from "../tests/support/guests.ts";
import type { Measurement } from "./measurement.ts";

const CLI = new URL("../cli.ts", import.meta.url).pathname;
const RUNS = 5;
const SETTLE = 1_000;
const GUESTS: readonly (readonly [guest: GuestName, label: string])[] = [
  ["wat-echo", "WAT"],
  ["qjs-echo", "QuickJS"],
  ["sm-echo", "StarlingMonkey"],
];

/**
 * Measures the resident memory of idle applications with one component: before their first event,
 * when no worker runs yet, and after it.
 *
 * @returns Two measurements for each kind of guest.
 */
export async function measureIdleMemory(): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [name, label] of GUESTS) {
    const samples = { before: [] as number[], after: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      const { before, after } = await idleMemory(await guest(name));
      samples.before.push(before);
      samples.after.push(after);
    }
    measurements.push(
      { name: `idle app, before its first event: ${label}`, unit: "MiB", samples: samples.before },
      { name: `idle app, after its first event: ${label}`, unit: "MiB", samples: samples.after },
    );
  }
  return measurements;
}

async function idleMemory(component: string): Promise<{ before: number; after: number }> {
  const directory = await Deno.makeTempDir();
  const manifest = join(directory, "app.toml");
  await Deno.writeTextFile(
    manifest,
    `[application]\nname = "idle"\n[[trigger.timer]]\ncomponent = "guest"\ninterval = "3s"\n` +
      `[component.guest]\nsource = "${component}"\n`,
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, manifest, "--log-dir", ""],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    await until(lines, "Started");
    await settle();
    const before = await residentMemory(child.pid);
    await until(lines, "guest:");
    await settle();
    return { before, after: await residentMemory(child.pid) };
  } finally {
    child.kill("SIGINT");
    await lines.cancel();
    await child.status;
    await Deno.remove(directory, { recursive: true });
  }
}

async function until(lines: ReadableStreamDefaultReader<string>, text: string): Promise<void> {
  for (;;) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`The application ended without "${text}"`);
    if (value.includes(text)) return;
  }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
}

async function residentMemory(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", `${pid}`] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1_024;
}
