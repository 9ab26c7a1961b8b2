import assert from "node:assert/strict";
import { toErrorCode } from "../../../../../src/host/wasi/p2/filesystem/error_code.ts";
import { thrown } from "../../../thrown.ts";

function systemError(code: string): Error {
  return Object.assign(new Error("From the system"), { code });
}

const CODES: readonly (readonly [unknown, string])[] = [
  [new Deno.errors.NotCapable("Requires read access"), "access"],
  [new Deno.errors.BadResource("Bad resource ID"), "bad-descriptor"],
  [systemError("ENOENT"), "no-entry"],
  [systemError("EACCES"), "access"],
  [systemError("EPERM"), "not-permitted"],
  [systemError("EMFILE"), "quota"],
  [systemError("EWHATEVER"), "io"],
];

Deno.test("toErrorCode() translates errors of the system and of permissions", () => {
  for (const [error, expected] of CODES) {
    assert.equal(toErrorCode(error), expected);
  }
});

Deno.test("toErrorCode() passes on a fault of the host as it is", () => {
  for (const fault of [new TypeError("Bug"), "text", undefined]) {
    assert.equal(thrown(() => toErrorCode(fault)), fault);
  }
});
