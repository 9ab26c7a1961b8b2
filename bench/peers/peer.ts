// deno-lint-ignore-file no-console -- a program, whose output is its purpose
/**
 * Runs one peer's timers for a while, and prints how late each tick came, as JSON. A program of its
 * own, so that the peers' packages are no dependencies of Gyre.
 *
 * Usage: peer.ts PEER TIMERS SECONDS BURN PERIOD [REDIS_PORT], with times in ms but for SECONDS.
 *
 * @module
 */

import { Queue, Worker } from "bullmq";
import { Cron } from "croner";
import { Redis } from "ioredis";
import cron from "node-cron";

const [peer = "", ...numbers] = Deno.args;
const [timers = 1, seconds = 60, burn = 0, period = 1_000, port = 6379] = numbers.map(Number);

const lateness: number[] = [];
/** The time of the first tick, for peers whose ticks have no nominal time of their own. */
const start = Date.now();

function tick(nominal: number): void {
  lateness.push(Date.now() - nominal);
  const end = performance.now() + burn;
  while (performance.now() < end) { /* as a handler that computes */ }
}

/** What a grid of `period` from the start says about a tick that came now. */
function nearestSlot(): number {
  return start + Math.round((Date.now() - start) / period) * period;
}

/** Runs a peer's timers; gives what is to be measured beside the ticks. */
const PEERS: Readonly<Record<string, () => void | Promise<void>>> = {
  setInterval() {
    for (let timer = 0; timer < timers; timer++) {
      let count = 0;
      setInterval(() => tick(start + ++count * period), period);
    }
  },
  /** Spin's timer example: loop { sleep(period); handle() }. */
  "sleep between runs"() {
    for (let timer = 0; timer < timers; timer++) {
      let count = 0;
      const loop = () => {
        tick(start + ++count * period);
        setTimeout(loop, period);
      };
      setTimeout(loop, period);
    }
  },
  croner() {
    for (let timer = 0; timer < timers; timer++) {
      new Cron("* * * * * *", () => tick(Math.round(Date.now() / 1_000) * 1_000));
    }
  },
  "node-cron"() {
    for (let timer = 0; timer < timers; timer++) {
      cron.schedule("* * * * * *", ({ date }) => tick(date.getTime()));
    }
  },
  async bullmq() {
    const connection = new Redis({ port, maxRetriesPerRequest: null });
    const queue = new Queue("bench", { connection });
    for (let timer = 0; timer < timers; timer++) {
      await queue.upsertJobScheduler(`timer-${timer}`, { every: period });
    }
    new Worker("bench", (job) => {
      tick(Number(job.id?.split(":").at(-1)));
      return Promise.resolve();
    }, { connection });
  },
};

const begin = performance.now();
const before = Deno.memoryUsage().rss;
await PEERS[peer]?.();
const started = performance.now() - begin;
const memory = (Deno.memoryUsage().rss - before) / 2 ** 20;
setTimeout(() => {
  const drift = Date.now() - nearestSlot();
  console.log(JSON.stringify({ lateness, expected: timers * seconds * 1_000 / period, started, memory, drift }));
  Deno.exit(0);
}, seconds * 1_000 + period / 2);
