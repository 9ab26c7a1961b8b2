/**
 * The kill test in full: a host under load is killed 200 times at random moments. Prints what became
 * of its ticks, and exits with 1 if the ledger broke a promise.
 *
 * Usage: `run.ts [<how many>] [<seed>]`
 *
 * @module
 */

import { killHosts } from "./kill_run.ts";

const ALL = 200;
const EVERY = 20;

const { kills, outcomes, rerun, calls } = await killHosts({
  kills: Number(Deno.args[0] ?? ALL),
  seed: Number(Deno.args[1] ?? Date.now()),
  onKill: (kill) => {
    if (kill % EVERY === 0) write(`${kill} killed\n`);
  },
});
for (const [outcome, count] of Object.entries(outcomes)) {
  write(`${String(count).padStart(8)} ${outcome}\n`);
}
write(
  `${kills} kills, ${calls} calls of guests ended; no tick recorded twice, none lost without a ` +
    `policy saying so; ${rerun} were started again because their host had died\n`,
);

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
