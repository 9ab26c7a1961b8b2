import assert from "node:assert/strict";
import type { OutcomeKind } from "../../../src/triggers/outcome.ts";
import { retryDelay } from "../../../src/triggers/schedule/retry_delay.ts";
import type { RetryPolicy } from "../../../src/triggers/schedule/tick_policy.ts";

const EXPONENTIAL: RetryPolicy = {
  attempts: 6,
  backoff: "exponential",
  initial: 1_000,
  max: 10_000,
};

Deno.test("retryDelay() doubles up to the longest pause, and ends with the attempts", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempts) => retryDelay("trap", attempts, EXPONENTIAL));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 10_000, undefined, undefined]);
});

Deno.test("retryDelay() stays the same with a fixed backoff, and below the longest pause", () => {
  const fixed = { ...EXPONENTIAL, backoff: "fixed" } as const;
  assert.deepEqual([1, 5].map((attempts) => retryDelay("trap", attempts, fixed)), [1_000, 1_000]);
  assert.equal(retryDelay("trap", 1, { ...fixed, max: 300 }), 300);
});

Deno.test("retryDelay() stays finite after a thousand attempts", () => {
  assert.equal(retryDelay("trap", 2_000, { ...EXPONENTIAL, attempts: 5_000 }), 10_000);
});

const KINDS: readonly (readonly [OutcomeKind, boolean])[] = [
  ["ok", false],
  ["guest-error", true],
  ["trap", true],
  ["timeout", true],
  ["misfire", true],
  ["denied", false],
  ["cancelled", false],
];

for (const [kind, isRetried] of KINDS) {
  Deno.test(`retryDelay() ${isRetried ? "tries" : "does not try"} again what ended as ${kind}`, () => {
    assert.equal(retryDelay(kind, 1, EXPONENTIAL) !== undefined, isRetried);
    assert.equal(retryDelay(kind, 1, undefined), undefined);
  });
}
