import assert from "node:assert/strict";
import { GuestInstance } from "../../src/guest/guest_instance.ts";
import { Hooks } from "../../src/guest/hooks.ts";
import { guestContext } from "../host/guest_context.ts";

/** An instance of a program that exports what a test says, as jco lays it out. */
async function instanceOf(exports: Readonly<Record<string, unknown>>): Promise<GuestInstance> {
  const program = { instantiate: () => exports, modules: new Map(), initialMemory: 0 };
  return await GuestInstance.create(program, {
    imports: [],
    context: guestContext(),
    hooks: new Hooks({ isOver: () => false, initialMemory: 0, memoryLimit: 0 }),
  });
}

const old = { run: () => "old" };
const recent = { run: () => "recent", doIt: (value: number) => value + 1, Blob: class {} };
const EXPORTS = {
  run: old,
  "wasi:cli/run@0.2.3": old,
  "wasi:cli/run@0.2.6": recent,
  "a:b/plain": recent,
  myThing: recent,
  handleIt: () => "handled",
};

const CALLS: readonly (readonly [name: string, result: unknown])[] = [
  ["handle-it", "handled"],
  ["wasi:cli/run@0.2.3#run", "old"],
  ["wasi:cli/run@0.2.6#run", "recent"],
  ["wasi:cli/run#run", "old"],
  ["a:b/plain#do-it", 2],
  ["my-thing#run", "recent"],
];

for (const [name, result] of CALLS) {
  Deno.test(`call() of an instance finds ${name}`, async () => {
    using instance = await instanceOf(EXPORTS);
    assert.equal(await instance.call(name, [1]), result);
  });
}

const ABSENT = [
  ...["run", "handle-other", "a:b/plain", "#handle-it", "a:b/plain#walk", "a:b#run", "a:b/pla#run"],
  ...["wasi:cli/run@0.2.9#run", "a:b/plain#to-string", "constructor#name", "handle-it#name"],
];

for (const name of ABSENT) {
  Deno.test(`call() of an instance rejects ${name}, which it does not export`, async () => {
    using instance = await instanceOf(EXPORTS);
    await assert.rejects(instance.call(name, []), (error) => {
      assert.ok(error instanceof TypeError);
      assert.equal(error.message, `The guest exports no "${name}"`);
      return true;
    });
  });
}
