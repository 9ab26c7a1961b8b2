import assert from "node:assert/strict";
import { constants } from "node:os";
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
  [systemError("EEXIST"), "exist"],
  [systemError("ENOTEMPTY"), "not-empty"],
  [systemError("EXDEV"), "cross-device"],
  [systemError("ENOSPC"), "insufficient-space"],
  [systemError("EDQUOT"), "quota"],
  [systemError("EROFS"), "read-only"],
  [systemError("EFBIG"), "file-too-large"],
  [systemError("EMLINK"), "too-many-links"],
  [systemError("ETXTBSY"), "text-file-busy"],
  [systemError("EILSEQ"), "illegal-byte-sequence"],
  [systemError("ESPIPE"), "invalid-seek"],
  [systemError("ENXIO"), "no-such-device"],
  [systemError("EWHATEVER"), "io"],
  // Deno gives these no code.
  [new Error(`File too large (os error ${constants.errno.EFBIG})`), "file-too-large"],
  [new Error("Something new (os error 99999)"), "io"],
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
