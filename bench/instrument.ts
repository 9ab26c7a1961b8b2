/**
 * What the instruments in a guest's code cost, and how fast they end a guest.
 *
 * @module
 */

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { instrument } from "../src/compile/instrument/instrument.ts";
import { printWorld, transpile } from "../src/compile/jco.ts";
import { parseWorld } from "../src/compile/world.ts";
import { DEFAULT_LIMITS } from "../src/app/limits.ts";
import { suspendingImports } from "../src/host/catalog.ts";
import { loadProgram } from "../src/guest/program.ts";
import { Runner } from "../src/guest/runner.ts";
import { guest } from "../tests/support/guests.ts";
import { Hooks } from "../src/guest/hooks.ts";
import type { Measurement } from "./measurement.ts";

const PAIRS = 15;
const DEADLINES = 50;
/** How long (ms) a guest may run whose end is measured. */
const TIME = 20;
const EXPORT = "handle-timer-request";
const GRANT = {
  environment: {},
  arguments: [],
  mounts: [],
  allowedHosts: [],
  allowedInbound: [],
  memory: DEFAULT_LIMITS.memory,
};

/** Work that does nothing but compute: the worst case for the instruments. */
const WORK: Readonly<Record<string, string>> = {
  "sieve": `(memory 16) (func (export "run") (local $i i32) (local $j i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 1000000))
    (local.set $i (i32.const 2))
    (loop $outer
      (if (i32.eqz (i32.load8_u (local.get $i))) (then
        (local.set $j (i32.mul (local.get $i) (i32.const 2)))
        (block $done (loop $inner
          (br_if $done (i32.ge_u (local.get $j) (i32.const 1000000)))
          (i32.store8 (local.get $j) (i32.const 1))
          (local.set $j (i32.add (local.get $j) (local.get $i)))
          (br $inner)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $outer (i32.lt_u (local.get $i) (i32.const 1000000)))))`,
  "search for a byte": `(memory 160) (func (export "run") (local $i i32)
    (i32.store8 (i32.const 10000000) (i32.const 1))
    (loop $next
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.eqz (i32.load8_u (local.get $i))))))`,
  "matrix product": `(memory 32) (func (export "run")
    (local $i i32) (local $j i32) (local $k i32) (local $sum f64)
    (loop $rows (local.set $j (i32.const 0))
      (loop $columns (local.set $k (i32.const 0)) (local.set $sum (f64.const 0))
        (loop $products
          (local.set $sum (f64.add (local.get $sum) (f64.mul
            (f64.load (i32.add (i32.mul (local.get $i) (i32.const 1600)) (i32.shl (local.get $k) (i32.const 3))))
            (f64.load offset=400000 (i32.add (i32.mul (local.get $k) (i32.const 1600)) (i32.shl (local.get $j) (i32.const 3)))))))
          (local.set $k (i32.add (local.get $k) (i32.const 1)))
          (br_if $products (i32.lt_u (local.get $k) (i32.const 200))))
        (f64.store offset=800000 (i32.add (i32.mul (local.get $i) (i32.const 1600)) (i32.shl (local.get $j) (i32.const 3))) (local.get $sum))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $columns (i32.lt_u (local.get $j) (i32.const 200))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $rows (i32.lt_u (local.get $i) (i32.const 200)))))`,
  "Fibonacci by recursion": `(func $fib (param i32) (result i32)
      (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0)) (else
        (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                 (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func (export "run") (drop (call $fib (i32.const 32))))`,
};

/**
 * Measures the same work with and without instruments, in turns, and the time by which an endless
 * guest overruns its deadline.
 *
 * @returns A ratio for each kind of work, and the overrun.
 */
export async function measureInstruments(): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [what, text] of Object.entries(WORK)) {
    const module = await wat(`(module ${text})`);
    const plain = instantiate(module, () => false);
    const instrumented = instantiate(instrument(module).bytes, () => false);
    const samples: number[] = [];
    for (let pair = -3; pair < PAIRS; pair++) { // the first three warm up
      const [before, after] = [time(plain), time(instrumented)];
      if (pair >= 0) samples.push(after / before);
    }
    measurements.push({ name: `instrumented / plain: ${what}`, unit: "ratio", samples });
  }
  return [...measurements, await measureInterpreter(), await measureOverrun()];
}

/** A guest with an engine in it: what most guests are that people write. */
async function measureInterpreter(): Promise<Measurement> {
  const bytes = await Deno.readFile(await guest("qjs-work"));
  const imports = parseWorld(await printWorld(bytes)).imports.map(({ name }) => name);
  const { source, modules } = await transpile(bytes, {
    suspendingImports: suspendingImports(imports),
    suspendingExports: [EXPORT],
  });
  const runnerOf = async (change: (module: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) => {
    const changed = [...modules].map(([name, module]) => [name, change(module)] as const);
    return new Runner(await loadProgram(source, changed, GRANT), {
      imports,
      grant: GRANT,
      output: { kind: "lines", onOutput() {} },
      onDenied() {},
    });
  };
  const plain = await runnerOf((module) => module);
  const instrumented = await runnerOf((module) => instrument(module).bytes);
  const samples: number[] = [];
  for (let pair = -20; pair < 2 * PAIRS; pair++) { // V8 takes its time to optimize an interpreter
    const [before, after] = [await timeCall(plain), await timeCall(instrumented)];
    if (pair >= 0) samples.push(after / before);
  }
  return { name: "instrumented / plain: QuickJS guest", unit: "ratio", samples };
}

async function timeCall(runner: Runner): Promise<number> {
  const { signal } = new AbortController();
  const start = performance.now();
  const result = await runner.callFresh(EXPORT, { args: ["x"], signal });
  if (!result.ok) throw new Error(result.failure.message);
  return performance.now() - start;
}

async function measureOverrun(): Promise<Measurement> {
  const module = await wat(`(module (func (export "run") (loop (br 0))))`);
  const { bytes } = instrument(module);
  const samples: number[] = [];
  for (let run = 0; run < DEADLINES; run++) {
    const due = performance.now() + TIME;
    const endless = instantiate(bytes, () => performance.now() >= due);
    try {
      endless();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      samples.push(performance.now() - due);
    }
  }
  return { name: "from deadline to free processor: endless loop", unit: "ms", samples };
}

async function wat(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(text));
}

function instantiate(module: Uint8Array<ArrayBuffer>, isOver: () => boolean): () => unknown {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module));
  new Hooks({ isOver, initialMemory: 0, memoryLimit: 2 ** 32 }).arm(instance);
  const { run } = instance.exports;
  if (typeof run !== "function") throw new TypeError("The module exports no run");
  return () => run();
}

function time(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
