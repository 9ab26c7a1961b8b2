// deno-lint-ignore-file no-console -- a program, whose output is its purpose
/**
 * Measures what a user waits for and pays for, and prints a table. With `--json FILE` the samples
 * are kept too. Numbers from different machines must not be compared; ratios within one run may.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { measureEvents } from "./events.ts";
import { measureInstruments } from "./instrument.ts";
import { measureLedger } from "./ledger.ts";
import { measureIdleMemory } from "./memory.ts";
import { measureWarmStart } from "./start.ts";
import type { Measurement } from "./measurement.ts";
import { formatTable } from "./table.ts";

const { values } = parseArgs({ args: Deno.args, options: { json: { type: "string" } } });
const machine = {
  cores: availableParallelism(),
  os: `${Deno.build.os} ${Deno.build.arch}`,
  deno: Deno.version.deno,
  v8: Deno.version.v8,
};

const measurements: Measurement[] = [];
for (
  const measure of [
    ...[measureInstruments, measureWarmStart, measureEvents, measureLedger, measureIdleMemory],
  ]
) {
  measurements.push(...await measure());
}

console.log(`${machine.cores} cores, ${machine.os}, deno ${machine.deno}, v8 ${machine.v8}\n`);
console.log(formatTable(measurements));
if (values.json !== undefined) {
  await Deno.writeTextFile(values.json, JSON.stringify({ machine, measurements }, null, 2) + "\n");
}
Deno.exit(0);
