import assert from "node:assert/strict";
import type { Variable } from "../../src/app/application.ts";
import { resolveVariables } from "../../src/context/resolve_variables.ts";
import { PrepareError } from "../../src/errors.ts";
import { applicationOf } from "./application_of.ts";

const REQUIRED: Variable = { description: "", required: true, secret: true };

function optional(value: string): Variable {
  return { description: "", required: false, default: value, secret: false };
}

async function resolve(
  variables: Readonly<Record<string, Variable>>,
  given: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  return resolveVariables(
    await applicationOf({ components: [], application: { variables } }),
    given,
  );
}

Deno.test("resolveVariables() lays given values over defaults, empty ones too", async () => {
  const variables = { a: optional("1"), b: optional("2"), c: REQUIRED, d: optional("") };
  assert.deepEqual(await resolve(variables, { b: "", c: "3" }), { a: "1", b: "", c: "3", d: "" });
});

Deno.test("resolveVariables() names every required variable without a value", async () => {
  await assert.rejects(resolve({ a: REQUIRED, b: optional("1"), c: REQUIRED }, {}), (error) => {
    assert.ok(error instanceof PrepareError);
    assert.equal(error.code, "ERR_VARIABLE_REQUIRED");
    assert.match(error.message, /a, c/);
    return true;
  });
});

Deno.test("resolveVariables() names every value of a variable that is not declared", async () => {
  await assert.rejects(resolve({ a: optional("") }, { x: "1", a: "2", y: "3" }), (error) => {
    assert.ok(error instanceof PrepareError);
    assert.equal(error.code, "ERR_UNKNOWN_VARIABLE");
    assert.match(error.message, /x, y/);
    return true;
  });
});

Deno.test("resolveVariables() does not take what every object has for a value", async () => {
  const variables = { constructor: REQUIRED };
  await assert.rejects(resolve(variables, {}), { code: "ERR_VARIABLE_REQUIRED" });
  assert.deepEqual({ ...await resolve(variables, { constructor: "c" }) }, { constructor: "c" });
});
