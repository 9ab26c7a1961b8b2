import assert from "node:assert/strict";
import { generate } from "@bytecodealliance/jco-transpile/component";
import { type Node, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import config from "../../deno.json" with { type: "json" };
import { JCO_VERSION, mend, printWorld, transpile } from "../../src/compile/jco.ts";
import { parseWorld, withoutVersion } from "../../src/compile/world.ts";
import { guest, type GuestName } from "../support/guests.ts";
import { SUSPENDING_IMPORTS } from "./compiled_guest.ts";
import { jcoReady } from "./jco_ready.ts";

await jcoReady();

const FAULT = "return task.completionPromise()";

/** Counts the statements that return a task's promise from within a catch clause. */
function countFaults(source: string): number {
  const program = parse(source, { ecmaVersion: "latest", sourceType: "module" });
  let count = 0;
  fullAncestor(program, (node: Node, _state: unknown, ancestors: Node[]) => {
    if (node.type !== "ReturnStatement") return;
    if (!source.slice(node.start, node.end).startsWith(FAULT)) return;
    if (ancestors.some(({ type }) => type === "CatchClause")) count++;
  });
  return count;
}

/** What jco itself makes of a guest, suspended imports and exports named. */
async function unmended(name: GuestName): Promise<{ source: string; mended: string }> {
  const component = await Deno.readFile(await guest(name));
  const world = parseWorld(await printWorld(component));
  const options = {
    suspendingImports: world.imports.flatMap(({ name }) =>
      SUSPENDING_IMPORTS.get(withoutVersion(name)) ?? []
    ),
    suspendingExports: world.exports.map(({ name }) => name),
  };
  const { source: mended } = await transpile(component, options);
  const { files } = generate(component, {
    name: "component",
    noTypescript: true,
    noNodejsCompat: true,
    base64Cutoff: 0,
    instantiation: { tag: "async" },
    asyncMode: options.suspendingImports.length === 0 ? { tag: "sync" } : {
      tag: "jspi",
      val: { imports: options.suspendingImports, exports: options.suspendingExports },
    },
  });
  const source = files.find(([name]) => name === "component.js")?.[1];
  return { source: new TextDecoder().decode(source), mended };
}

Deno.test("JCO_VERSION is the version that the import map pins", () => {
  assert.equal(
    config.imports["@bytecodealliance/jco-transpile"],
    `npm:@bytecodealliance/jco-transpile@${JCO_VERSION}`,
  );
});

for (const name of ["wat-sleep", "qjs-probe"] as const) {
  Deno.test(`mend() has something to mend in what jco makes of ${name}, and leaves none of it`, async () => {
    const { source, mended } = await unmended(name);
    assert.ok(countFaults(source) > 0, "jco's output has changed: is the mend still needed?");
    assert.equal(countFaults(mended), 0);
    // No strict equality of texts: their difference would take longer to write than to find.
    assert.ok(await mend(source) === mended);
    assert.ok(await mend(mended) === mended);
  });
}

Deno.test("mend() replaces nothing but the faulty returns", async () => {
  const { source, mended } = await unmended("wat-sleep");
  const rest = (text: string) => text.split("\n").map((line) => line.trim());
  const before = rest(source);
  const changed = rest(mended).flatMap((line, index) =>
    line === before[index] ? [] : [[before[index], line]]
  );
  assert.equal(changed.length, countFaults(source));
  for (const [from, to] of changed) {
    assert.ok(from?.startsWith(FAULT), from);
    assert.match(to ?? "", /^throw \w+;$/);
  }
});

const MENDED: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    "throws the caught error under its own name",
    "function f() { try { g() } catch (err) { return task.completionPromise(); } }",
    "function f() { try { g() } catch (err) { throw err; } }",
  ],
  [
    "leaves a return outside of a catch clause",
    "function f() { try { return task.completionPromise(); } catch (err) { throw err } }",
    "function f() { try { return task.completionPromise(); } catch (err) { throw err } }",
  ],
  [
    "takes the innermost of two catch clauses",
    "function f() { try { } catch (a) { try { } catch (b) { return task.completionPromise(); } } }",
    "function f() { try { } catch (a) { try { } catch (b) { throw b; } } }",
  ],
  [
    "mends several in their order",
    "function f() { try { } catch (a) { return task.completionPromise(); }\n" +
    "try { } catch (b) { if (b) return task.completionPromise(); } }",
    "function f() { try { } catch (a) { throw a; }\ntry { } catch (b) { if (b) throw b; } }",
  ],
  [
    "leaves text that only looks like it",
    "const text = 'return task.completionPromise();'; // return task.completionPromise();",
    "const text = 'return task.completionPromise();'; // return task.completionPromise();",
  ],
];

for (const [what, before, after] of MENDED) {
  Deno.test(`mend() ${what}`, async () => {
    assert.equal(await mend(before), after);
  });
}

Deno.test("transpile() gives modules that own their buffers", async () => {
  const component = await Deno.readFile(await guest("wat-echo"));
  const { modules } = await transpile(component, { suspendingImports: [], suspendingExports: [] });
  assert.ok(modules.size > 0);
  for (const bytes of modules.values()) {
    assert.equal(bytes.byteLength, bytes.buffer.byteLength);
    assert.ok(WebAssembly.validate(bytes));
  }
});

for (const [what, bytes] of [["no bytes", []], ["garbage", [1, 2, 3, 4, 5, 6, 7, 8]]] as const) {
  Deno.test(`transpile() and printWorld() reject when given ${what}`, async () => {
    const component = Uint8Array.from(bytes);
    const options = { suspendingImports: [], suspendingExports: [] };
    await assert.rejects(transpile(component, options), Error);
    await assert.rejects(printWorld(component), Error);
  });
}
