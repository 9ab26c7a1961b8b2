import assert from "node:assert/strict";
import { ENDLESS } from "./endless.ts";
import { arm, instrumented } from "./armed_module.ts";

/** When a module must end, in ms. */
const DEADLINE = 20;
/** How much later it may end, in ms. On a machine that is not busy it is a few, and never 20. */
const TOLERANCE = 100;
/** Other processes can only make it later, so the best of some attempts counts. */
const ATTEMPTS = 5;

for (const { name, text, atStart = false } of ENDLESS) {
  Deno.test(`A deadline ends ${name}`, async () => {
    const bytes = await instrumented(text);
    let latest = Infinity;
    for (let left = ATTEMPTS; left > 0 && latest > TOLERANCE; left--) {
      const begin = performance.now();
      const options = { deadline: DEADLINE };
      assert.throws(
        atStart ? () => arm(bytes, options) : () => arm(bytes, options).call("run", 0),
        (error) => error instanceof WebAssembly.RuntimeError && error.message === "unreachable",
      );
      const late = performance.now() - begin - DEADLINE;
      assert.ok(late >= 0, `It ended ${-late} ms before its deadline`);
      latest = Math.min(latest, late);
    }
    assert.ok(latest <= TOLERANCE, `It ended ${latest} ms after its deadline`);
  });
}

Deno.test("The stack's end ends recursion that catches all exceptions", async () => {
  const bytes = await instrumented(`(module (func $f (export "run")
    (loop $l (block $caught (try_table (catch_all $caught) (call $f))) (br $l))))`);
  assert.throws(
    () => arm(bytes, { deadline: DEADLINE }).call("run"),
    (error) => error instanceof RangeError || error instanceof WebAssembly.RuntimeError,
  );
});
