import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { capGrowth } from "../../../src/compile/instrument/cap_growth.ts";
import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { transpile } from "../../../src/compile/jco.ts";
import { withoutVersion } from "../../../src/compile/world.ts";
import { loadProgram } from "../../../src/guest/program.ts";
import { type CallResult, Runner } from "../../../src/guest/runner.ts";
import { HANDLE, NO_GRANT } from "../../isolation/executor_spec.ts";
import { guest, type GuestName, guestNames } from "../../support/guests.ts";
import { compiledGuest } from "../compiled_guest.ts";
import { jcoReady } from "../jco_ready.ts";
import type { JcoReport } from "./jco_main.ts";
import { withoutUsage } from "../../support/without_usage.ts";

await jcoReady();

const REPOSITORY = new URL("../../../", import.meta.url);
const EXAMPLES = new URL("examples/", REPOSITORY);
const JCO_MAIN = new URL("jco_main.ts", import.meta.url);
const JCO_MODULES = 8;

type Modules = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

async function coreModules(path: string): Promise<Modules> {
  const component = await Deno.readFile(path);
  const { modules } = await transpile(component, { suspendingImports: [], suspendingExports: [] });
  return modules;
}

function assertRewritten(modules: Modules): void {
  assert.ok(modules.size > 0);
  for (const [name, module] of modules) {
    const { bytes, skipped } = instrument(module);
    assert.equal(skipped, undefined, name);
    assert.ok(WebAssembly.validate(bytes), name);
    assert.ok(WebAssembly.validate(capGrowth(bytes, { memory: 0 })), name);
  }
}

async function* exampleComponents(directory = EXAMPLES): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) yield* exampleComponents(new URL(`${name}/`, directory));
    else if (name.endsWith(".wasm")) yield fileURLToPath(new URL(name, directory));
  }
}

Deno.test("instrument() rewrites every core module of the examples", async () => {
  for await (const path of exampleComponents()) assertRewritten(await coreModules(path));
});

/** Guests that jco refuses, or that are no components. */
const NO_COMPONENTS: ReadonlySet<string> = new Set(["wat-preview-one"]);

for (const name of guestNames) {
  if (NO_COMPONENTS.has(name)) continue;
  Deno.test(`instrument() rewrites every core module of ${name}`, async () => {
    assertRewritten(await coreModules(await guest(name)));
  });
}

/** Calls a fresh instance some times, with its modules as they are given. */
async function callsOf(
  name: GuestName,
  change: (module: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): Promise<unknown> {
  const { source, world } = await compiledGuest(name);
  const modules = [...await coreModules(await guest(name))]
    .map(([name, module]) => [name, change(module)] as const);
  const output: unknown[] = [];
  const runner = new Runner(await loadProgram(source, modules, NO_GRANT), {
    imports: world.imports.map(({ name }) => withoutVersion(name)),
    grant: NO_GRANT,
    onDenied() {},
    output: { kind: "lines", onOutput: (line) => output.push(line) },
  });
  const results: CallResult[] = [];
  for (const message of ["", "a", "a message of some length"]) {
    const { signal } = new AbortController();
    results.push(await runner.callFresh(HANDLE, { args: [message], signal }));
  }
  return { output, results: results.map(withoutStack) };
}

/** Functions are elsewhere in a rewritten module, and only that has fuel. */
function withoutStack(result: CallResult): unknown {
  return result.ok ? withoutUsage(result) : { ...result.failure, stack: undefined };
}

for (
  const name of [
    "wat-echo",
    "wat-count",
    "wat-trap",
    "wat-div",
    "wat-recurse",
    "wat-err-result",
    "wat-stdout",
    "wat-exit",
    "qjs-echo",
    "qjs-throw",
    "sm-echo",
  ] as const
) {
  Deno.test(`instrument() does not change what ${name} does`, async () => {
    const plain = await callsOf(name, (module) => module);
    assert.deepEqual(await callsOf(name, (module) => instrument(module).bytes), plain);
  });
}

async function runJco(form: "plain" | "instrumented", paths: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", "--no-check", JCO_MAIN.href, form, ...paths],
    cwd: REPOSITORY,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const report: JcoReport = JSON.parse(new TextDecoder().decode(stdout));
  return report;
}

Deno.test("instrument() does not change what jco's own modules make of components", async () => {
  const paths = [await guest("wat-echo"), await guest("wat-sleep"), await guest("qjs-echo")];
  const plain = await runJco("plain", paths);
  const instrumented = await runJco("instrumented", paths);
  assert.ok(plain.digests.length > paths.length * 3);
  assert.deepEqual(instrumented.digests, plain.digests);
  assert.equal(plain.rewritten, 0);
  assert.equal(instrumented.rewritten, JCO_MODULES);
  assert.ok(instrumented.fuel > 1_000_000, `they spent ${instrumented.fuel} fuel`);
});
