import assert from "node:assert/strict";
import { compileGlob } from "../../src/loader/glob.ts";
import { isGlob } from "../../src/manifest/check_files.ts";

const VECTORS: readonly (readonly [
  glob: string,
  matches: readonly string[],
  differs: readonly string[],
])[] = [
  ["a.txt", ["a.txt"], ["A.txt", "aXtxt", "b/a.txt"]],
  ["*.txt", ["a.txt", ".txt", ".a.txt", "b/a.txt"], ["a.txt2"]],
  ["?.t", ["a.t", "é.t", "😀.t"], ["ab.t", ".t"]],
  ["[a-c]x", ["ax", "cx"], ["dx", "-x"]],
  ["[!a-c]x", ["dx"], ["ax", "x"]],
  ["[a-]x", ["ax", "-x"], ["bx"]],
  ["[]]x", ["]x"], ["[x"]],
  ["[*]x", ["*x"], ["ax"]],
  ["[^a]x", ["^x", "ax"], ["bx"]],
  ["**", ["a", "a/b", ".a/.b"], []],
  ["**/*.js", ["a.js", "b/a.js", "c/b/a.js"], ["a.ts"]],
  ["a/**", ["a", "a/b", "a/b/c"], ["ab", "b/a"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"]],
  ["**/a/**", ["a", "a/b", "x/a", "x/a/b"], ["xa", "ab/c"]],
  ["a{b,c}", ["a{b,c}"], ["ab"]],
  ["a+(b)|c.", ["a+(b)|c."], ["ab", "c."]],
];

for (const [glob, matches, differs] of VECTORS) {
  Deno.test(`compileGlob() reads ${glob} as Spin does`, () => {
    const regexp = compileGlob(glob);
    assert.ok(regexp);
    assert.deepEqual(matches.filter((path) => !regexp.test(path)), []);
    assert.deepEqual(differs.filter((path) => regexp.test(path)), []);
  });
}

for (const glob of ["[", "a[b", "[]", "[!]", "a**", "**b/c", "***", "[c-a]"]) {
  Deno.test(`compileGlob() gives undefined for ${glob}`, () => {
    assert.equal(compileGlob(glob), undefined);
  });
}

Deno.test("isGlob() tells a glob from a plain path", () => {
  assert.deepEqual(["a/*", "a?", "[a]", "a/b.c", "a{b}"].map(isGlob), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
