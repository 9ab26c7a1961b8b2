// deno-lint-ignore-file no-console -- a program, whose output is its purpose
/**
 * Measures how late ticks come, beside other schedulers, in one run: each for a while in a process of
 * its own, one after another. Then what 100,000 cron entries cost. Takes about a quarter of an hour;
 * `--seconds N` shortens it. BullMQ needs `redis-server`, and is left out without it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ args: Deno.args, options: { seconds: { type: "string" } } });
const LONG = Number(values.seconds ?? 60);
const SHORT = Math.ceil(LONG / 2);
const REDIS_PORT = 7_379;

/** What is measured: how many timers, their period and what their handlers burn, in ms. */
const SCENARIOS = [
  { name: "one timer, every second", timers: 1, period: 1_000, burn: 0, seconds: SHORT },
  { name: "the same, each tick burns 20 ms", timers: 1, period: 1_000, burn: 20, seconds: SHORT },
  { name: "one timer, every 10 ms", timers: 1, period: 10, burn: 0, seconds: LONG },
  { name: "1,000 timers, every second", timers: 1_000, period: 1_000, burn: 0, seconds: LONG },
] as const;
const PEERS = ["setInterval", "sleep between runs", "croner", "node-cron", "bullmq"] as const;
/** Those whose ticks are on the second, and on nothing finer. */
const CRON_PEERS: readonly string[] = ["croner", "node-cron"];

interface Report {
  readonly lateness: readonly number[];
  readonly expected: number;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const redis = await startRedis();
try {
  for (const { name, timers, period, burn, seconds } of SCENARIOS) {
    console.log(`\n${name}, ${seconds} s; lateness in ms`);
    console.log(row(["", "p50", "p99", "max", "ticks", "expected"]));
    const numbers = [timers, seconds, burn, period].map(String);
    show("gyre", await run("own_timers.ts", numbers, []));
    for (const peer of PEERS) {
      if (CRON_PEERS.includes(peer) && period !== 1_000) continue;
      if (peer === "bullmq" && redis === undefined) {
        console.log(row([peer, "not measured: there is no redis-server"]));
        continue;
      }
      const config = ["--config", here("peers/deno.json")];
      show(peer, await run("peers/peer.ts", [peer, ...numbers, String(REDIS_PORT)], config));
    }
  }
  console.log("\n100,000 cron entries of 1,000 expressions, until they wait for the first tick");
  console.log(row(["", "ms", "MiB"]));
  for (
    const [name, file, config] of [
      ["gyre", "cron_entries.ts", []],
      ["croner", "peers/cron_entries.ts", ["--config", here("peers/deno.json")]],
      ["node-cron", "peers/cron_entries.ts", ["--config", here("peers/deno.json")]],
    ] as const
  ) {
    try {
      const { started, memory } = JSON.parse(await output(file, [name], config));
      console.log(row([name, started.toFixed(0), memory.toFixed(0)]));
    } catch (error) {
      const reason = String(error).includes("out of memory") ? "out of memory" : String(error);
      console.log(row([name, `ended: ${reason}`]));
    }
  }
} finally {
  redis?.kill();
}

function show(name: string, { lateness, expected }: Report): void {
  const sorted = lateness.toSorted((a, b) => a - b);
  const at = (part: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1);
  console.log(row([name, at(0.5), at(0.99), at(1), `${lateness.length}`, `${expected}`]));
}

function row([name = "", ...cells]: readonly string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(9)).join("");
}

async function run(
  file: string,
  args: readonly string[],
  config: readonly string[],
): Promise<Report> {
  return JSON.parse(await output(file, args, config));
}

async function output(
  file: string,
  args: readonly string[],
  config: readonly string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--unstable-worker-options", ...config, here(file), ...args],
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
}

async function startRedis(): Promise<Deno.ChildProcess | undefined> {
  try {
    const process = new Deno.Command("redis-server", {
      args: ["--port", String(REDIS_PORT), "--save", "", "--appendonly", "no"],
      stdout: "null",
    }).spawn();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return process;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
