import assert from "node:assert/strict";
import { inspect } from "../../src/runtime/inspect.ts";
import { applicationOf } from "../context/application_of.ts";

const HANDLE = "handle-timer-request";

function codes(errors: readonly unknown[]): readonly unknown[] {
  return errors.map((error) => error instanceof Error && "code" in error ? error.code : error);
}

Deno.test("inspect() says of each component what calls it, what it needs and what it may do", async () => {
  const application = await applicationOf({
    components: [
      { guest: "wat-sleep", allowedOutboundHosts: ["https://*.example.com"] },
      "wat-no-param",
    ],
    timers: [["wat-sleep", 1_000], ["wat-sleep", 300_000]],
  });
  const [sleeper, idle, ...others] = await inspect(application);
  assert.deepEqual(others, []);
  assert.equal(sleeper?.id, "wat-sleep");
  assert.equal(sleeper?.triggered, true);
  assert.deepEqual(sleeper?.triggers, [
    { id: "timer-0", type: "timer", description: "every 1 s", entryPoint: HANDLE },
    { id: "timer-1", type: "timer", description: "every 5 min", entryPoint: HANDLE },
  ]);
  assert.deepEqual(sleeper?.imports, ["wasi:io/poll@0.2.6", "wasi:clocks/monotonic-clock@0.2.6"]);
  assert.deepEqual(sleeper?.exports, [`${HANDLE}: func(string) -> string`]);
  assert.equal(Object.keys(sleeper?.permissions ?? {}).length, 8);
  assert.equal(sleeper?.gaps.length, 1);
  assert.deepEqual(sleeper?.errors, []);
  assert.equal(idle?.triggered, false);
  assert.deepEqual(idle?.triggers, []);
  assert.deepEqual(idle?.gaps, []);
  assert.deepEqual(idle?.exports, [`${HANDLE}: func()`]);
});

Deno.test("inspect() goes on after a component that cannot be prepared or called", async () => {
  const application = await applicationOf({
    components: ["wat-unknown-import", "wat-wrong-signature", "wat-echo"],
    timers: [["wat-unknown-import", 1_000], ["wat-wrong-signature", 1_000]],
  });
  const [unknown, wrong, fine] = await inspect(application);
  assert.deepEqual(codes(unknown?.errors ?? []), ["ERR_IMPORT_NOT_PROVIDED"]);
  assert.equal(unknown?.permissions, undefined);
  assert.deepEqual(codes(wrong?.errors ?? []), ["ERR_NO_ENTRY_POINT"]);
  assert.deepEqual(wrong?.triggers, [{
    id: "timer-1",
    type: "timer",
    description: "every 1 s",
  }]);
  assert.deepEqual(fine?.errors, []);
});

Deno.test("inspect() says what triggers call a component that cannot be prepared", async () => {
  const application = await applicationOf({
    components: ["wat-unknown-import"],
    timers: [["wat-unknown-import", 1_000]],
  });
  const [unknown] = await inspect(application);
  assert.equal(unknown?.triggered, true);
  assert.deepEqual(unknown?.triggers.map(({ id }) => id), ["timer-0"]);
});
