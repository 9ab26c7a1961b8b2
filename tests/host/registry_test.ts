import assert from "node:assert/strict";
import { hostInterfaces } from "../../src/host/registry.ts";
import { guestContext } from "./guest_context.ts";
import { WIT_NAMES } from "./wit_names.ts";

Deno.test("hostInterfaces covers every interface of WASI 0.2 that a guest imports", () => {
  assert.deepEqual(
    [...hostInterfaces.keys()].sort(),
    Object.keys(WIT_NAMES).sort(),
  );
});

for (const [id, names] of Object.entries(WIT_NAMES)) {
  Deno.test(`${id} has every name of its WIT text`, () => {
    const implementation = hostInterfaces.get(id)?.create(guestContext()) ?? {};
    const { functions = [], resources = {}, statics = {} } = names;
    assert.deepEqual(
      Object.keys(implementation).sort(),
      [...functions, ...Object.keys(resources)].sort(),
    );
    for (const [resource, methods] of Object.entries(resources)) {
      for (const method of methods) {
        const found = implementation[resource]?.prototype[method];
        assert.equal(typeof found, "function", `${resource}.${method}`);
      }
    }
    for (const [resource, methods] of Object.entries(statics)) {
      for (const method of methods) {
        const found = Reflect.get(implementation[resource] ?? {}, method);
        assert.equal(typeof found, "function", `${resource}.${method}`);
      }
    }
  });
}
