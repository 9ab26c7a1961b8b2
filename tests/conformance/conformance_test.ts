import assert from "node:assert/strict";
import { HOST_CATALOG } from "../../src/host/catalog.ts";
import { WIT_NAMES } from "../host/wit_names.ts";
import { hostName } from "../support/test_kit/host_calls.ts";
import { rawGuestFile } from "../support/test_kit/raw_guest.ts";
import { cases, EXCEPTIONS } from "./cases.ts";
import { coverageOf, renderTable } from "./render_table.ts";
import { type CaseResult, runCases } from "./run_cases.ts";

const PAGE = new URL("../../docs/conformance.md", import.meta.url);

function failures(results: readonly CaseResult[]): readonly string[] {
  return results.filter(({ error }) => error !== "").map(({ name, error }) => `${name}: ${error}`);
}

Deno.test("every function of WASI 0.2 is exercised through a real guest, as docs/conformance.md says", async () => {
  const results = await runCases(cases, { isolation: "inline" });
  assert.deepEqual(failures(results), []);
  const { imports } = await rawGuestFile();
  const coverage = coverageOf(imports, results);
  const untested = coverage.filter(({ cases, exception }) => cases.length === 0 && !exception);
  assert.deepEqual(untested.map(({ id }) => id), []);
  const needless = coverage.filter(({ cases, exception }) => cases.length > 0 && exception);
  assert.deepEqual(needless.map(({ id }) => id), [], "These need no exception any more");
  assert.equal(await Deno.readTextFile(PAGE), renderTable(coverage), "Run deno task conformance");
});

Deno.test("the raw guest imports every interface that the host provides", async () => {
  const { imports } = await rawGuestFile();
  const imported = new Set(imports.map((id) => id.split("#")[0] ?? ""));
  assert.deepEqual([...imported].toSorted(), HOST_CATALOG.map(({ id }) => id).toSorted());
});

Deno.test("the raw guest imports every function that the host's own tests know of", async () => {
  const { imports } = await rawGuestFile();
  const known = new Set(imports.flatMap((id) => hostName(id) ?? []));
  const missing = Object.entries(WIT_NAMES).flatMap(([id, names]) => {
    const { functions = [], resources = {}, statics = {} } = names;
    return [
      ...functions.map((name) => `${id}#${name}`),
      ...[...Object.entries(resources), ...Object.entries(statics)].flatMap(([type, methods]) =>
        methods.map((method) => `${id}#${type}.${method}`)
      ),
    ];
  }).filter((name) => !known.has(name));
  assert.deepEqual(missing, []);
});

Deno.test("every exception is a function that there is", async () => {
  const { imports } = await rawGuestFile();
  assert.deepEqual([...EXCEPTIONS.keys()].filter((id) => !imports.includes(id)), []);
});

Deno.test("every conformance case holds in a locked worker too", async () => {
  assert.deepEqual(failures(await runCases(cases, { isolation: "worker" })), []);
});
