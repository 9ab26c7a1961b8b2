import assert from "node:assert/strict";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { CompileCache } from "../../src/compile/cache.ts";
import type { CompiledComponent } from "../../src/compile/compiled_component.ts";
import { Compiler } from "../../src/compile/compiler.ts";
import { CompileError } from "../../src/errors.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import type { LoadedSource } from "../../src/loader/loader.ts";
import { EMPTY_COMPONENT, EMPTY_CORE_MODULE } from "../loader/sample_components.ts";
import { tempDirectory } from "../loader/temp_directory.ts";
import { guestSource, SUSPENDING_IMPORTS } from "./compiled_guest.ts";
import { jcoReady } from "./jco_ready.ts";

await jcoReady();

/** Counts the workers that are started, and those that are not terminated yet. */
class WorkerCount implements Disposable {
  started = 0;
  alive = 0;
  readonly #original = globalThis.Worker;

  constructor() {
    // deno-lint-ignore no-this-alias -- the class below has a `this` of its own
    const count = this;
    globalThis.Worker = class extends this.#original {
      constructor(specifier: string | URL, options?: WorkerOptions) {
        super(specifier, options);
        count.started++;
        count.alive++;
      }

      override terminate(): void {
        count.alive--;
        super.terminate();
      }
    };
  }

  [Symbol.dispose](): void {
    globalThis.Worker = this.#original;
  }
}

/** What tells two compiled components apart, short enough for a readable difference. */
async function summaryOf({ source, modules, ...rest }: CompiledComponent): Promise<unknown> {
  const parts: string[] = [await sha256Digest(new TextEncoder().encode(source))];
  for (const [name, bytes] of modules) parts.push(`${name} ${await sha256Digest(bytes)}`);
  return { ...rest, parts };
}

async function sourceOf(bytes: Uint8Array<ArrayBuffer>): Promise<LoadedSource> {
  return { bytes, digest: await sha256Digest(bytes) };
}

Deno.test("compile() gives the world, the source and the modules of a component", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const source = await guestSource("wat-sleep");
  const compiled = await compiler.compile(source, "sleeper");
  assert.equal(compiled.digest, source.digest);
  assert.equal(compiled.suspends, true);
  assert.deepEqual(compiled.world.imports.map(({ name }) => name), [
    "wasi:io/poll@0.2.6",
    "wasi:clocks/monotonic-clock@0.2.6",
  ]);
  assert.match(compiled.source, /export/);
  assert.ok([...compiled.modules.values()].every((bytes) => WebAssembly.validate(bytes)));
});

Deno.test("compile() gives the functions of exported interfaces, which return promises", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const { world, source } = await compiler.compile(await guestSource("qjs-command"), "command");
  assert.deepEqual(world.exports.filter(({ kind }) => kind === "interface"), [
    { kind: "interface", name: "wasi:cli/run@0.2.12", functions: ["run"] },
  ]);
  assert.match(source, /WebAssembly\.promising\([^)]*'wasi:cli\/run@0\.2\.12#run'/);
});

Deno.test("compile() rejects with ERR_COMPILE when interfaces export too many functions", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const exports = Array.from({ length: 10_001 }, (_, at) => `(export "f${at}" (func $f))`);
  const wat = `(component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func $f (canon lift (core func $i "f")))
    (instance $x ${exports.join("")})
    (export "a:b/c" (instance $x)))`;
  const source = await sourceOf((await parse(wat)).slice());
  await assert.rejects(compiler.compile(source, "wide"), {
    code: "ERR_COMPILE",
    message: /exports 10001 functions/,
  });
});

Deno.test("compile() rejects with ERR_CORE_MODULE, naming what a module imports", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const source = await sourceOf((await parse('(module (import "env" "f" (func)))')).slice());
  await assert.rejects(compiler.compile(source, "my-part"), (error) => {
    assert.ok(error instanceof CompileError);
    assert.equal(error.code, "ERR_CORE_MODULE");
    assert.match(error.message, /"my-part".*"env"/);
    assert.match(error.hint ?? "", /wasip1/);
    return true;
  });
});

Deno.test("compile() keeps exports synchronous when no import may suspend", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  assert.equal((await compiler.compile(await guestSource("wat-echo"), "echo")).suspends, false);
});

Deno.test("compile() answers each of many concurrent callers, with one worker that ends", async () => {
  using count = new WorkerCount();
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const names = ["wat-echo", "wat-sleep", "wat-trap", "wat-echo", "wat-stdout"] as const;
  const sources = await Promise.all(names.map(guestSource));
  const results = await Promise.allSettled([
    ...sources.map((source) => compiler.compile(source, "good")),
    compiler.compile(await sourceOf(EMPTY_CORE_MODULE), "bad"),
    ...sources.map((source) => compiler.compile(source, "good")),
  ]);
  const digests = results.map((result) =>
    result.status === "fulfilled" ? result.value.digest : result.reason.code
  );
  const good = sources.map(({ digest }) => digest);
  assert.deepEqual(digests, [...good, "ERR_CORE_MODULE", ...good]);
  assert.equal(count.started, 1);
  assert.equal(count.alive, 0);
  assert.equal((await compiler.compile(await guestSource("wat-div"), "later")).suspends, false);
  assert.equal(count.alive, 0);
});

Deno.test("compile() does not change the bytes that it is given", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const source = await guestSource("wat-echo");
  await compiler.compile(source, "echo");
  assert.equal(await sha256Digest(source.bytes), source.digest);
});

const INVALID: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "no bytes": new Uint8Array(0),
  "a core module's header and rubbish": Uint8Array.of(...EMPTY_CORE_MODULE, 255, 255, 255),
  "a header and rubbish": Uint8Array.of(...EMPTY_COMPONENT, 255, 255, 255),
  "text": new TextEncoder().encode("hello"),
};

for (const [what, bytes] of Object.entries(INVALID)) {
  Deno.test(`compile() rejects with ERR_COMPILE, naming the component, when given ${what}`, async () => {
    using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
    await assert.rejects(compiler.compile(await sourceOf(bytes), "my-part"), (error) => {
      assert.ok(error instanceof CompileError);
      assert.equal(error.code, "ERR_COMPILE");
      assert.match(error.message, /"my-part"/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

Deno.test("compile() rejects with ERR_COMPILE when a component is damaged anywhere", async () => {
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const { bytes } = await guestSource("wat-sleep");
  const lengths = Array.from({ length: 25 }, (_, index) => Math.floor(index * bytes.length / 25));
  const results = await Promise.allSettled(
    lengths.filter((length) => length > 8).map(async (length) =>
      await compiler.compile(await sourceOf(bytes.slice(0, length)), "cut")
    ),
  );
  for (const result of results) {
    // A cut between two sections may leave a smaller component that is whole.
    if (result.status === "rejected") assert.equal(result.reason.code, "ERR_COMPILE");
  }
  assert.ok(results.some(({ status }) => status === "rejected"));
  await compiler.compile(await guestSource("wat-sleep"), "whole"); // the worker is none the worse
});

Deno.test("a disposed compiler rejects what is under way and what comes, and leaves no worker", async () => {
  using count = new WorkerCount();
  const compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
  const source = await guestSource("wat-echo");
  const running = [compiler.compile(source, "a"), compiler.compile(source, "b")];
  const rejected = Promise.all(
    running.map((compile) => assert.rejects(compile, { code: "ERR_COMPILE_STOPPED" })),
  );
  while (count.started === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  compiler[Symbol.dispose]();
  await rejected;
  await assert.rejects(compiler.compile(source, "c"), { code: "ERR_COMPILE_STOPPED" });
  compiler[Symbol.dispose]();
  assert.equal(count.started, 1);
  assert.equal(count.alive, 0);
});

Deno.test("compile() starts no worker when the cache has the component", async () => {
  await using temp = await tempDirectory();
  const cache = new CompileCache(temp.path);
  const source = await guestSource("wat-sleep");
  using first = new Compiler({ suspendingImports: SUSPENDING_IMPORTS, cache });
  const made = await first.compile(source, "first");
  using count = new WorkerCount();
  using second = new Compiler({ suspendingImports: SUSPENDING_IMPORTS, cache });
  const kept = await second.compile(source, "second");
  assert.deepEqual(await summaryOf(kept), await summaryOf(made));
  assert.equal(count.started, 0);
});

Deno.test("compile() compiles anew when another set of imports may suspend", async () => {
  await using temp = await tempDirectory();
  const cache = new CompileCache(temp.path);
  const source = await guestSource("wat-sleep");
  using first = new Compiler({ suspendingImports: SUSPENDING_IMPORTS, cache });
  using second = new Compiler({ suspendingImports: new Map(), cache });
  assert.equal((await first.compile(source, "first")).suspends, true);
  assert.equal((await second.compile(source, "second")).suspends, false);
});

Deno.test("compile() mends a damaged entry of the cache", async () => {
  await using temp = await tempDirectory();
  const cache = new CompileCache(temp.path);
  const source = await guestSource("wat-echo");
  using compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS, cache });
  const made = await compiler.compile(source, "echo");
  const [entry] = [...Deno.readDirSync(temp.path)];
  const path = `${temp.path}/${entry?.name}`;
  await Deno.truncate(path, 100);
  const again = await compiler.compile(source, "echo");
  assert.deepEqual(await summaryOf(again), await summaryOf(made));
  assert.ok((await Deno.stat(path)).size > 100);
});
