import assert from "node:assert/strict";
import { type IdGrammar, idProblem, repairId } from "../../src/app/ids.ts";

const GOOD: Readonly<Record<IdGrammar, readonly string[]>> = {
  kebab: ["a", "my-app", "ABC-def-G1", "a1b2c3", "WASI", "llama2-chat"],
  snake: ["a", "abc", "a1b2c3", "my_var", "api_key2"],
  label: ["default", "my-store", "my_store", "A-b"],
};

const BAD: Readonly<Record<IdGrammar, readonly string[]>> = {
  kebab: ["", "my_app", "myApp", "a-1", "1a", "a+b", "a--b", "-a", "a-", "é"],
  snake: ["", "aX", "1bc", "_x", "x.y", "x_", "a__b", "x-y", "A", "a_1", "+"],
  label: ["", "a-b_c", "Data Base", "3d", "My_Store"],
};

for (const grammar of ["kebab", "snake", "label"] as const) {
  Deno.test(`idProblem() accepts every ${grammar} name`, () => {
    for (const name of GOOD[grammar]) {
      assert.equal(idProblem(name, grammar), undefined, name);
    }
  });

  Deno.test(`idProblem() says what is wrong with what is not ${grammar}`, () => {
    for (const name of BAD[grammar]) {
      assert.equal(typeof idProblem(name, grammar), "string", name);
    }
  });
}

const REPAIRS: readonly [string, IdGrammar, string | undefined][] = [
  ["my_app", "kebab", "my-app"],
  ["myApp", "kebab", "my-app"],
  ["hello-1", "kebab", "hello1"],
  ["my-var", "snake", "my_var"],
  ["Data Base", "label", "data-base"],
  ["1a", "kebab", undefined],
  ["a+b", "kebab", undefined],
  ["", "kebab", undefined],
];

for (const [name, grammar, repaired] of REPAIRS) {
  Deno.test(`repairId() makes ${repaired} of "${name}" in ${grammar}`, () => {
    assert.equal(repairId(name, grammar), repaired);
  });
}
