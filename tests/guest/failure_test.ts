import assert from "node:assert/strict";
import { cancelled, CancelledError, classify, type GuestFailure } from "../../src/guest/failure.ts";
import { GuestExit } from "../../src/host/guest_exit.ts";
import { startInline } from "../../src/isolation/inline.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { executorSpec, HANDLE } from "../isolation/executor_spec.ts";
import type { GuestName } from "../support/guests.ts";

/** Calls a guest and gives how it failed. */
async function failureOf(name: GuestName): Promise<GuestFailure> {
  await using executor = await startInline(executorSpec(await compiledGuest(name)));
  const result = await executor.call({ export: HANDLE, args: ["now"] });
  if (result.ok) throw new Error(`${name} returned ${result.value}`);
  return result.failure;
}

const FRAME = /^(?:\S.* \()?wasm-function\[\d+\]:0x[0-9a-f]+\)?$/;

Deno.test("classify() calls an unreachable a trap, with the functions by name", async () => {
  const { kind, stack, exitCode } = await failureOf("wat-trap");
  assert.equal(kind, "trap");
  assert.equal(exitCode, undefined);
  assert.match(stack[0] ?? "", /^the_culprit \(wasm-function\[\d+\]:0x[0-9a-f]+\)$/);
  assert.match(stack[1] ?? "", /^handle_timer_request \(/);
  for (const frame of stack) assert.match(frame, FRAME);
});

Deno.test("classify() calls a division by zero a trap, with the function by name", async () => {
  const { kind, message, stack } = await failureOf("wat-div");
  assert.equal(kind, "trap");
  assert.match(message, /divide by zero/);
  assert.match(stack[0] ?? "", /^divide \(/);
});

Deno.test("classify() calls a recursion without end a trap, not a failed host call", async () => {
  const { kind, message, stack } = await failureOf("wat-recurse");
  assert.equal(kind, "trap");
  assert.equal(message, "The guest ran out of stack");
  assert.match(stack[0] ?? "", /^deeper \(/);
});

Deno.test("classify() calls an exit a guest error, with its code", async () => {
  const { kind, exitCode } = await failureOf("wat-exit");
  assert.equal(kind, "guest-error");
  assert.equal(exitCode, 1);
});

for (const name of ["wat-err-result", "wat-result-unit"] as const) {
  Deno.test(`classify() calls the error of a result a guest error, with its text, for ${name}`, async () => {
    assert.deepEqual(await failureOf(name), {
      kind: "guest-error",
      message: "out of paper",
      stack: [],
    });
  });
}

Deno.test("classify() finds the frames of a script engine's guest that throws", async () => {
  const { kind, stack } = await failureOf("qjs-throw");
  assert.equal(kind, "trap");
  assert.ok(stack.length > 0);
  for (const frame of stack) assert.match(frame, FRAME);
});

Deno.test("classify() calls what the host ended cancelled, and what the host failed a trap", () => {
  const ended = classify(new CancelledError("The event was cancelled"));
  assert.deepEqual(ended, { kind: "cancelled", message: "The event was cancelled", stack: [] });
  const failed = classify(new TypeError("no such thing"));
  assert.equal(failed.kind, "trap");
  assert.match(failed.message, /TypeError: no such thing/);
});

Deno.test("classify() keeps an exit with code 0 apart from a return", () => {
  const { kind, exitCode } = classify(new GuestExit(0));
  assert.equal(kind, "guest-error");
  assert.equal(exitCode, 0);
});

/** As jco's generated modules write it. */
class ComponentError extends Error {
  readonly payload: unknown;

  constructor(payload: unknown) {
    super(`${String(payload)} (see error.payload)`);
    this.payload = payload;
  }
}

const PAYLOADS: readonly (readonly [payload: unknown, message: string])[] = [
  ["text", "text"],
  ["", ""],
  [undefined, "The guest returned an error without a value"],
  [{ tag: "not-found", val: 7n }, '{"tag":"not-found","val":"7"}'],
  [{ code: 3, why: undefined }, '{"code":3}'],
  [12, "12"],
  [null, "null"],
];

for (const [payload, message] of PAYLOADS) {
  Deno.test(`classify() writes the payload ${Deno.inspect(payload)} of a guest's error`, () => {
    assert.deepEqual(classify(new ComponentError(payload)), {
      kind: "guest-error",
      message,
      stack: [],
    });
  });
}

const circular: { self?: unknown } = {};
circular.self = circular;
const THROWN: readonly unknown[] = [
  undefined,
  null,
  "access",
  7n,
  Symbol("s"),
  () => {},
  circular,
  Object.create(null),
  { toString: null },
];

for (const [index, thrown] of THROWN.entries()) {
  Deno.test(`classify() calls any other value that was thrown a failed host call (${index})`, () => {
    const { kind, message, stack } = classify(thrown);
    assert.equal(kind, "trap");
    assert.equal(typeof message, "string");
    assert.match(message, /^A host call failed: ./);
    assert.doesNotMatch(message, /undefined$|The guest returned/);
    assert.deepEqual(stack, []);
  });
}

Deno.test("cancelled() gives the reason of the signal, whatever it is", () => {
  assert.equal(cancelled(AbortSignal.abort(new Error("enough"))).message, "enough");
  assert.equal(cancelled(AbortSignal.abort("enough")).message, "enough");
  assert.equal(cancelled(AbortSignal.abort()).kind, "cancelled");
});

const LINES: readonly (readonly [line: string, frame: string | undefined])[] = [
  [
    "    at the_culprit (wasm://wasm/0a1b2c3d:wasm-function[4]:0x3f)",
    "the_culprit (wasm-function[4]:0x3f)",
  ],
  ["    at wasm://wasm/0a1b2c3d:wasm-function[4]:0x3f", "wasm-function[4]:0x3f"],
  [
    "    at my.app::<impl Run>::go (wasm://wasm/app.wasm-0a1b2c3d:wasm-function[4]:0x3f)",
    "my.app::<impl Run>::go (wasm-function[4]:0x3f)",
  ],
  ["    at handleTimerRequest (blob:null/1234:10:5)", undefined],
  ["    at file:///src/guest/runner.ts:10:5", undefined],
];

for (const [line, frame] of LINES) {
  Deno.test(`classify() takes from the stack line "${line.trim()}" what is the guest's`, () => {
    const error = new WebAssembly.RuntimeError("unreachable");
    error.stack = `RuntimeError: unreachable\n${line}`;
    assert.deepEqual(classify(error).stack, frame === undefined ? [] : [frame]);
  });
}
