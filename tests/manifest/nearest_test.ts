import assert from "node:assert/strict";
import { nearest } from "../../src/manifest/nearest.ts";

const CASES: readonly [string, readonly string[], string | undefined][] = [
  ["intervall", ["interval", "interval_secs"], "interval"],
  ["itnerval", ["interval", "id"], "interval"],
  ["Interval", ["interval"], "interval"],
  ["helo", ["hello", "help"], undefined],
  ["helo", ["hello", "other"], "hello"],
  ["speed", ["speedup"], "speedup"],
  ["dest", ["source", "destination"], "destination"],
  ["allowed", ["allowed_http_hosts", "allowed_outbound_hosts"], undefined],
  ["se", ["secret"], undefined],
  ["wibble", ["source", "files"], undefined],
  ["x", [], undefined],
];

for (const [text, candidates, expected] of CASES) {
  Deno.test(`nearest() gives ${expected} for ${text} among ${candidates}`, () => {
    assert.equal(nearest(text, candidates), expected);
  });
}
