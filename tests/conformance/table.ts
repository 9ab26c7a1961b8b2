/**
 * Generates `docs/conformance.md`: runs every case and writes down what was exercised.
 *
 * @module
 */

import { cases } from "./cases.ts";
import { coverageOf, renderTable } from "./render_table.ts";
import { runCases } from "./run_cases.ts";
import { rawGuestFile } from "../support/test_kit/raw_guest.ts";

const PAGE = new URL("../../docs/conformance.md", import.meta.url);

const results = await runCases(cases, { isolation: "inline" });
for (const { name, error } of results) {
  if (error !== "") write(`FAILED ${name}: ${error}\n`);
}
const { imports } = await rawGuestFile();
const coverage = coverageOf(imports, results);
const missing = coverage.filter(({ cases, exception }) => cases.length === 0 && !exception);
for (const { id } of missing) write(`MISSING ${id}\n`);
await Deno.writeTextFile(PAGE, renderTable(coverage));
write(`${coverage.length} functions, ${missing.length} of them neither exercised nor excepted\n`);
Deno.exitCode = results.every(({ error }) => error === "") && missing.length === 0 ? 0 : 1;

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
