import assert from "node:assert/strict";
import {
  ExecutionContext,
  type ExecutionContextOptions,
  type IsolationName,
} from "../../src/context/execution_context.ts";
import { VirtualTime } from "../../src/virtual_time.ts";
import type { GuestName } from "../support/guests.ts";
import { applicationOf } from "./application_of.ts";

const HANDLE = "handle-timer-request";
const ISOLATIONS: readonly IsolationName[] = ["worker", "inline"];
const START = Date.UTC(2026, 2, 28);

async function contextOf(
  component: GuestName,
  options: ExecutionContextOptions,
): Promise<ExecutionContext> {
  return await ExecutionContext.create(await applicationOf({ components: [component] }), options);
}

/** jco's scheduler looks again 10 ms after a guest was suspended. */
async function schedulerAtRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

for (const isolation of ISOLATIONS) {
  Deno.test(`call() hands on all lines of a call before it returns (${isolation})`, async () => {
    const all: string[] = [];
    await using context = await contextOf("wat-stdout", {
      isolation,
      onOutput: ({ line }) => all.push(line),
    });
    const component = await context.prepareComponent("wat-stdout");
    const linesOf = async () => {
      const lines: string[] = [];
      const onOutput = ({ line }: { readonly line: string }) => lines.push(line);
      const result = await component.call({ export: HANDLE, args: ["x"], onOutput });
      return { ok: result.ok, lines: [...lines], output: result.usage?.output };
    };
    const lines = ["out one", "out two", "err one", "out three", "out open", "err open"];
    const both = await Promise.all([linesOf(), linesOf()]);
    for (const one of both) assert.deepEqual(one, { ok: true, lines, output: 50 });
    assert.deepEqual(all.toSorted(), [...lines, ...lines].toSorted());
    await schedulerAtRest();
  });

  Deno.test(`call() goes on when the receiver of its lines throws (${isolation})`, async () => {
    await using context = await contextOf("wat-stdout", { isolation });
    const component = await context.prepareComponent("wat-stdout");
    const onOutput = () => {
      throw new RangeError("no");
    };
    const result = await component.call({ export: HANDLE, args: ["x"], onOutput });
    assert.equal(result.ok, true);
    await schedulerAtRest();
  });

  Deno.test(`calls in virtual time wait for it, also for the first thread (${isolation})`, async () => {
    const time = new VirtualTime({ start: START });
    await using context = await contextOf("wat-sleep", { isolation, simulation: time });
    const component = await context.prepareComponent("wat-sleep");
    const ends: number[] = [];
    const call = async () => {
      const { elapsed = NaN } = await component.call({ export: HANDLE, args: ["x"] });
      assert.equal(Math.floor(elapsed), 300);
      ends.push(Math.floor(time.monotonic()));
    };
    const calls = [call()];
    time.after(() => calls.push(call()), 100);
    await time.runUntil(START + 60_000);
    await Promise.all(calls);
    assert.deepEqual(ends, [300, 400]);
    await schedulerAtRest();
  });
}

for (const name of ["", "A=B", "=", "A\0"]) {
  Deno.test(`call() refuses an environment variable named ${JSON.stringify(name)}`, async () => {
    await using context = await contextOf("wat-echo", { isolation: "inline" });
    const component = await context.prepareComponent("wat-echo");
    const result = await component.call({
      export: HANDLE,
      args: ["x"],
      environment: { GOOD: "1", [name]: "2" },
    });
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, "trap");
    assert.ok(result.failure.message.endsWith(JSON.stringify(name)), result.failure.message);
    assert.equal(result.usage, undefined);
  });
}
