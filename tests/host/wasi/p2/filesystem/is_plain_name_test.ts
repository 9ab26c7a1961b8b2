import assert from "node:assert/strict";
import { isPlainName } from "../../../../../src/host/wasi/p2/filesystem/is_plain_name.ts";

const SPECIAL_ON_WINDOWS = [
  "..\\x",
  "a\\b",
  "\\",
  "c:",
  "c:x",
  "a.txt:stream",
  "a.txt::$DATA",
  ".. ",
  "...",
  "a.",
  "a ",
  "nul",
  "NUL.txt",
  "con",
  "Con .log",
  "com1",
  "COM¹.x",
  "lpt9.",
  "conin$",
  "a*",
  "a?",
  '"',
  "<",
  ">",
  "|",
  "a/b",
];

const PLAIN = ["a", "a.txt", ".hidden", "nula", "com", "com10", "ü", "a b", "$"];

Deno.test("isPlainName() refuses what Windows takes for something else", () => {
  for (const name of SPECIAL_ON_WINDOWS) {
    assert.equal(isPlainName(name, "windows"), false, name);
    assert.equal(isPlainName(name, "linux"), true, name);
  }
});

Deno.test("isPlainName() takes ordinary names everywhere", () => {
  for (const name of PLAIN) {
    assert.equal(isPlainName(name, "windows"), true, name);
    assert.equal(isPlainName(name, "linux"), true, name);
  }
});
