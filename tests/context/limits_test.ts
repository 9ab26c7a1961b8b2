// What `limits` of a component does to its events, in both isolations.

import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/app/limits.ts";
import type { Limits } from "../../src/app/application.ts";
import { ExecutionContext, type IsolationName } from "../../src/context/execution_context.ts";
import type { GuestName } from "../support/guests.ts";
import { applicationOf } from "./application_of.ts";

const HANDLE = "handle-timer-request";
const ISOLATIONS: readonly IsolationName[] = ["worker", "inline"];

async function contextOf(
  guest: GuestName,
  isolation: IsolationName,
  limits: Partial<Limits>,
): Promise<ExecutionContext> {
  const components = [{ guest, limits: { ...DEFAULT_LIMITS, ...limits } }];
  return await ExecutionContext.create(await applicationOf({ components }), { isolation });
}

for (const isolation of ISOLATIONS) {
  Deno.test(`a guest that waits for too long ends as timeout, ${isolation}`, async () => {
    await using context = await contextOf("wat-sleep-long", isolation, { timeout: 200 });
    const component = await context.prepareComponent("wat-sleep-long");
    await component.warmUp();
    const start = performance.now();
    const result = await component.call({ export: HANDLE, args: ["x"] });
    const time = performance.now() - start;
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, "timeout");
    assert.equal(result.failure.message, "The guest did not return within 200 ms");
    assert.ok(time >= 195 && time < 2_000, `${time} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100)); // jco's scheduler looks again
  });

  Deno.test(`a call may be given another timeout than its component has, ${isolation}`, async () => {
    await using context = await contextOf("wat-sleep", isolation, { timeout: 1 });
    const component = await context.prepareComponent("wat-sleep");
    const request = { export: HANDLE, args: ["x"] };
    assert.equal((await component.call({ ...request, timeout: 10_000 })).ok, true);
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  Deno.test(`events beyond max_concurrency wait, and those beyond queue are refused, ${isolation}`, async () => {
    await using context = await contextOf("wat-sleep", isolation, { maxConcurrency: 1, queue: 1 });
    const component = await context.prepareComponent("wat-sleep");
    const request = { export: HANDLE, args: ["x"] };
    const results = await Promise.all([1, 2, 3].map(() => component.call(request)));
    assert.deepEqual(results.map(({ ok }) => ok), [true, true, false]);
    const refused = results[2];
    assert.ok(refused !== undefined && !refused.ok);
    assert.deepEqual(refused.failure, {
      kind: "misfire",
      message: "No instance was free: 1 are busy, and 1 events wait",
      stack: [],
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  Deno.test(`an instance counts until it is disposed, ${isolation}`, async () => {
    await using context = await contextOf("wat-echo", isolation, { maxConcurrency: 1, queue: 0 });
    const component = await context.prepareComponent("wat-echo");
    const instance = await component.instantiate();
    await assert.rejects(component.instantiate(), { code: "ERR_BUSY" });
    const refused = await component.call({ export: HANDLE, args: ["x"] });
    assert.equal(!refused.ok && refused.failure.kind, "misfire");
    instance[Symbol.dispose]();
    instance[Symbol.dispose]();
    assert.equal((await component.call({ export: HANDLE, args: ["x"] })).ok, true);
    using _next = await component.instantiate();
    await assert.rejects(component.instantiate(), { code: "ERR_BUSY" });
  });
}
