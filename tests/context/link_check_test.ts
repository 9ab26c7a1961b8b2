import assert from "node:assert/strict";
import { assertImportsProvided } from "../../src/context/link_check.ts";
import { PrepareError } from "../../src/errors.ts";
import { HOST_CATALOG } from "../../src/host/catalog.ts";
import { parseWorld } from "../../src/compile/world.ts";
import { applicationOf } from "./application_of.ts";

const [component] = (await applicationOf({
  components: [{ guest: "wat-echo", id: "my-part" }],
})).components;

/** Checks a component with these imports. */
function check(...imports: readonly string[]): void {
  if (component === undefined) throw new Error("No component");
  const lines = imports.map((text) => `import ${text};`);
  assertImportsProvided(component, parseWorld(`world root { ${lines.join(" ")} }`));
}

/** What the check throws. */
function problem(...imports: readonly string[]): PrepareError {
  try {
    check(...imports);
  } catch (error) {
    assert.ok(error instanceof PrepareError);
    assert.equal(error.code, "ERR_IMPORT_NOT_PROVIDED");
    assert.match(error.message, /"my-part"/);
    return error;
  }
  throw new Error("Nothing was thrown");
}

Deno.test("assertImportsProvided() accepts all that the host provides, in any version 0.2", () => {
  check();
  for (const version of ["", "@0.2.0", "@0.2.6", "@0.2.99"]) {
    check(...HOST_CATALOG.map(({ id }) => id + version));
  }
});

Deno.test("assertImportsProvided() names all that is missing and nothing else", () => {
  const { message } = problem("wasi:cli/stdout@0.2.6", "acme:mail/send@1.0.0", "acme:mail/fetch");
  assert.match(message, /acme:mail\/send@1\.0\.0/);
  assert.match(message, /acme:mail\/fetch/);
  assert.doesNotMatch(message, /stdout/);
});

const MISSING: readonly string[] = [
  "wasi:cli/stdout@0.3.0",
  "wasi:cli/stdout@0.2.0-rc-2023-11-10",
  "wasi:cli/stdout@1.0.0",
  "wasi:cli/standard-out@0.2.6",
  "acme:cli/stdout@0.2.6",
  "log: func(text: string)",
  "settings: interface { get: func() -> string; }",
];

for (const imported of MISSING) {
  Deno.test(`assertImportsProvided() refuses the import ${imported}`, () => {
    assert.match(
      problem(imported).message,
      new RegExp(/^[^:]+(:\w+\/[^@]+)?/.exec(imported)?.[0] ?? ""),
    );
  });
}

const LATER: readonly (readonly [imported: string, key: string])[] = [
  ["fermyon:spin/key-value@2.0.0", "key_value_stores"],
  ["wasi:keyvalue/store@0.2.0-draft2", "key_value_stores"],
  ["spin:key-value/key-value@3.0.0", "key_value_stores"],
  ["fermyon:spin/sqlite@2.0.0", "sqlite_databases"],
  ["spin:sqlite/sqlite@3.0.0", "sqlite_databases"],
  ["fermyon:spin/llm@2.0.0", "ai_models"],
  ["fermyon:spin/variables@2.0.0", "variables"],
  ["wasi:config/store@0.2.0-draft-2024-09-27", "variables"],
];

for (const [imported, key] of LATER) {
  Deno.test(`assertImportsProvided() hints at the manifest key ${key} when ${imported} is missing`, () => {
    const { hint } = problem(imported);
    const named = LATER.map(([, key]) => key).filter((key) => hint?.includes(key));
    assert.deepEqual([...new Set(named)], [key]);
  });
}
