// What no fuel can see: host code that is busy, and a heap that is full. The thread is ended, and
// everything else goes on. Each guest here is a script in the place of jco's module.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const BUSY: Readonly<Record<string, string>> = {
  "loops in JavaScript": "for (;;);",
  "loops in a regular expression": '/^(a+)+$/.test("a".repeat(40) + "b")',
  "sleeps without end": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "fills its heap": "const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))",
};

for (const [what, statement] of Object.entries(BUSY)) {
  Deno.test(`a thread that ${what} is ended after the deadline, and burns no more`, async () => {
    const main = fileURLToPath(new URL("./backstop_main.ts", import.meta.url));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--unstable-worker-options", main, statement],
      env: { NO_COLOR: "1" },
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.equal(code, 0, decode(stderr));
    const { overrun, burnt, ...ended } = JSON.parse(decode(stdout));
    assert.deepEqual(ended, {
      kind: "timeout",
      code: "ERR_WORKER_BUSY",
      message: 'The worker of component "tested" gave no sign of life and was stopped',
      neighbour: { ok: true, value: "ECHO: x" },
    });
    assert.ok(overrun > 0 && overrun < 10_000, `${overrun} ms after its deadline`);
    assert.ok(burnt < 250, `${burnt} ms of processor time in 500 ms`);
  });
}
