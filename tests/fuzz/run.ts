/**
 * The fuzz in full: 10,000 mutated components, none of which may crash, hang or escape. Prints how
 * they ended, and exits with 1 if one did what it must not.
 *
 * Usage: `run.ts [<how many>] [<first seed>]`
 *
 * @module
 */

import { runCampaign } from "./campaign.ts";

const ALL = 10_000;
/** One in so many mutants is made of a large component, which takes a hundred times longer. */
const LARGE_SHARE = 50;

const total = Number(Deno.args[0] ?? ALL);
const large = Math.floor(total / LARGE_SHARE);
const start = performance.now();
const { counts, faults, rss, slowest } = await runCampaign({
  small: total - large,
  large,
  firstSeed: Number(Deno.args[1] ?? 0),
  onProgress: (tried) => write(`${tried} of ${total} tried\n`),
});
for (const [kind, count] of Object.entries(counts)) write(`${String(count).padStart(6)} ${kind}\n`);
for (const fault of faults) write(`FAULT ${fault}\n`);
const seconds = ((performance.now() - start) / 1_000).toFixed(0);
write(
  `${total} mutants in ${seconds} s, the slowest in ${slowest.toFixed(0)} ms, ` +
    `with at most ${(rss / 2 ** 20).toFixed(0)} MiB of memory; ${faults.length} faults\n`,
);
Deno.exitCode = faults.length === 0 ? 0 : 1;

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
