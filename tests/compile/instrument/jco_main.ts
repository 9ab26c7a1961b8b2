// Runs jco's own modules, as they are or rewritten, over some components, and prints digests of all
// that they give. It is a process of its own because it replaces functions of WebAssembly.
//
// Usage: `jco_main.ts plain|instrumented <component>...`

import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { Hooks } from "../../../src/guest/hooks.ts";

/** What the process prints. */
export interface JcoReport {
  /** The digests of what was given. */
  readonly digests: readonly string[];
  /** How many modules were rewritten. */
  readonly rewritten: number;
  /** How much fuel they spent. */
  readonly fuel: number;
}

const [form, ...components] = Deno.args;
const hooks = new Hooks({ isOver: () => false, initialMemory: 0, memoryLimit: Infinity });
let rewritten = 0;
if (form === "instrumented") replaceFunctions();

// Not before: jco reads its modules when it is imported.
const { $init, generate } = await import("@bytecodealliance/jco-transpile/component");
const { componentWit, parse, print } = await import("@bytecodealliance/jco-transpile/wasm-tools");
await $init;
const digests: string[] = [];
for (const path of components) {
  const component = await Deno.readFile(path);
  const encoder = new TextEncoder();
  digests.push(await digestOf(encoder.encode(await componentWit(component))));
  const text = await print(component);
  digests.push(await digestOf(encoder.encode(text)), await digestOf(await parse(text)));
  const { files } = generate(component, { name: "component", noNodejsCompat: true });
  for (const [name, bytes] of files) digests.push(`${name} ${await digestOf(bytes)}`);
}
const report: JcoReport = { digests, rewritten, fuel: hooks.fuelSpent };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(report)));

function replaceFunctions(): void {
  const { compile, instantiate } = WebAssembly;
  WebAssembly.compile = async (bytes) => {
    const { bytes: changed, skipped } = instrument(toBytes(bytes));
    if (skipped !== undefined) throw new Error(`It was left as it is: ${skipped}`);
    rewritten++;
    return await compile(changed);
  };
  const instantiateAndArm = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const instance = await instantiate(module, imports);
    hooks.arm(instance);
    return instance;
  };
  Object.assign(WebAssembly, { instantiate: instantiateAndArm });
}

function toBytes(source: BufferSource): Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source);
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice())).toHex();
}
