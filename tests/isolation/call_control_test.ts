import assert from "node:assert/strict";
import { CallControl } from "../../src/isolation/call_control.ts";

Deno.test("CallControl tells the other end of a cancelled call, and of no other", () => {
  const control = new CallControl();
  const other = new CallControl(control.memory);
  assert.equal(other.isCancelled(7), false);
  control.cancel(7);
  assert.equal(other.isCancelled(7), true);
  for (const call of [6, 8, 7 + 1_024, 1]) assert.equal(other.isCancelled(call), false);
});

Deno.test("CallControl forgets the older of two cancelled calls that share a cell, and mixes up none", () => {
  const control = new CallControl();
  control.cancel(5);
  control.cancel(5 + 1_024);
  assert.equal(control.isCancelled(5), false);
  assert.equal(control.isCancelled(5 + 1_024), true);
});

Deno.test("CallControl shows the other end that there is progress", () => {
  const control = new CallControl();
  const other = new CallControl(control.memory);
  const before = control.progress;
  other.advance();
  assert.notEqual(control.progress, before);
});

Deno.test("CallControl counts progress on when the counter overflows", () => {
  const control = new CallControl();
  new Int32Array(control.memory)[0] = 2 ** 31 - 1;
  const before = control.progress;
  control.advance();
  assert.notEqual(control.progress, before);
});
