import assert from "node:assert/strict";
import { HOST_CATALOG, interfaceId, suspendingImports } from "../../src/host/catalog.ts";
import { hostInterfaces } from "../../src/host/registry.ts";

Deno.test("HOST_CATALOG names exactly the interfaces of the registry", () => {
  assert.deepEqual(
    HOST_CATALOG.map((entry) => entry.id).sort(),
    [...hostInterfaces.keys()].sort(),
  );
});

Deno.test("HOST_CATALOG lists each suspending function under its own interface", () => {
  for (const { id, suspends } of HOST_CATALOG) {
    for (const target of suspends) assert.equal(target.split("#")[0], id);
  }
});

const INTERFACE_IDS: readonly (readonly [string, string | undefined])[] = [
  ["wasi:io/poll", "wasi:io/poll"],
  ["wasi:io/poll@0.2.0", "wasi:io/poll"],
  ["wasi:io/poll@0.2.12", "wasi:io/poll"],
  ["wasi:cli/insecure@0.2.3", undefined],
  ["wasi:cli/environment@0.3.0", undefined],
  ["wasi:cli/environment@0.2.0-rc-2023-11-10", undefined],
  ["wasi:cli/environment@0.20.0", undefined],
  ["fermyon:spin/key-value@2.0.0", undefined],
  ["", undefined],
  ["constructor", undefined],
];

Deno.test("interfaceId() knows the interfaces in version 0.2.x and no other", () => {
  for (const [imported, expected] of INTERFACE_IDS) {
    assert.equal(interfaceId(imported), expected, imported);
  }
});

Deno.test("suspendingImports() lists what may suspend without versions and duplicates", () => {
  assert.deepEqual(
    suspendingImports([
      "wasi:io/poll@0.2.3",
      "wasi:io/poll@0.2.6",
      "wasi:clocks/wall-clock@0.2.3",
      "unknown:package/interface",
    ]),
    ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"],
  );
});

Deno.test("suspendingImports() lists nothing when no imported function can wait", () => {
  assert.deepEqual(suspendingImports(["wasi:cli/stdout@0.2.3"]), []);
});
