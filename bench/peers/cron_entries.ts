// deno-lint-ignore-file no-console -- a program, whose output is its purpose
/**
 * Starts 100,000 cron entries of 1,000 expressions with a peer, and prints what that took, as JSON.
 *
 * @module
 */

import { Cron } from "croner";
import cron from "node-cron";

const ENTRIES = 100_000;
const EXPRESSIONS = 1_000;
const timezone = "Europe/Paris";

const before = Deno.memoryUsage().rss;
const began = performance.now();
for (let index = 0; index < ENTRIES; index++) {
  const expression = `${index % 60} ${Math.floor(index % EXPRESSIONS / 60)} * * *`;
  if (Deno.args[0] === "croner") new Cron(expression, { timezone }, () => {});
  else cron.schedule(expression, () => {}, { timezone });
}
const started = performance.now() - began;
const memory = (Deno.memoryUsage().rss - before) / 2 ** 20;
console.log(JSON.stringify({ started, memory }));
Deno.exit(0);
