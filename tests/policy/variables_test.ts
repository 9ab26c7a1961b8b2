import assert from "node:assert/strict";
import { expandTemplate, parseTemplate } from "../../src/policy/variables.ts";

const VALUES = { host: "example.com", empty: "" };

const EXPANDED: readonly [string, string][] = [
  ["", ""],
  ["plain", "plain"],
  ["{{ host }}", "example.com"],
  ["{{host}}", "example.com"],
  ["https://{{  host  }}:80/", "https://example.com:80/"],
  ["{{ host }}{{ host }}", "example.comexample.com"],
  ["<{{ empty }}>", "<>"],
  ["}} { } {", "}} { } {"],
];

for (const [template, text] of EXPANDED) {
  Deno.test(`expandTemplate() makes "${text}" of "${template}"`, () => {
    assert.equal(expandTemplate(parseTemplate(template), VALUES), text);
  });
}

for (const template of ["{{ host", "a {{", "{{ }}", "{{ A }}", "{{ a-b }}", "{{{ host }}}"]) {
  Deno.test(`parseTemplate() refuses "${template}"`, () => {
    assert.throws(() => parseTemplate(template), { code: "ERR_TEMPLATE" });
  });
}

Deno.test("expandTemplate() throws for a variable without a value", () => {
  for (const name of ["unknown", "constructor"]) {
    const parts = parseTemplate(`{{ ${name} }}`);
    assert.throws(() => expandTemplate(parts, VALUES), {
      code: "ERR_TEMPLATE",
    });
  }
});

Deno.test("expandTemplate() does not expand what a value brings along", () => {
  const parts = parseTemplate("{{ host }}");
  assert.equal(expandTemplate(parts, { host: "{{ host }}" }), "{{ host }}");
});
