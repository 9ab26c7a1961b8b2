import assert from "node:assert/strict";
import { withExitCodes } from "../../src/guest/exit_codes.ts";
import { GuestExit } from "../../src/host/guest_exit.ts";

/** `(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32))) (export "f" (func 0)))` */
const MODULE = new WebAssembly.Module(Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x7f, 0, 2, 36, 1, 22],
  ...new TextEncoder().encode("wasi_snapshot_preview1"),
  ...[9, ...new TextEncoder().encode("proc_exit"), 0, 0, 7, 5, 1, 1, 0x66, 0, 0],
));

for (const code of [0, 1, 7, 255, 256, -1]) {
  Deno.test(`withExitCodes() lets a module exit with code ${code}`, () => {
    const given = { wasi_snapshot_preview1: { proc_exit() {}, fd_close() {} }, other: {} };
    const imports = withExitCodes(given);
    assert.ok(imports);
    const { f } = new WebAssembly.Instance(MODULE, imports).exports;
    assert.ok(typeof f === "function");
    assert.throws(() => f(code), (error) => {
      assert.ok(error instanceof GuestExit);
      assert.equal(error.exitCode, code >>> 0);
      return true;
    });
    assert.equal(
      imports["wasi_snapshot_preview1"]?.["fd_close"],
      given.wasi_snapshot_preview1.fd_close,
    );
    assert.equal(imports["other"], given.other);
  });
}

Deno.test("withExitCodes() leaves imports alone that have no proc_exit", () => {
  const imports = { wasi_snapshot_preview1: { fd_close() {} }, env: { proc_exit() {} } };
  assert.equal(withExitCodes(imports), imports);
  assert.equal(withExitCodes(undefined), undefined);
});
