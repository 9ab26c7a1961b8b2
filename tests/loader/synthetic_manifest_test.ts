import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { syntheticManifest } from "../../src/loader/synthetic_manifest.ts";

const VECTORS = [
  ["hello.wasm", "hello"],
  ["Hello_World.component.wasm", "hello-world-component"],
  ["hello-2.wasm", "hello2"],
  ["2fast4you.wasm", "app2fast4you"],
  ["größe.wasm", "gr-e"],
  ["日本.wasm", "app"],
  ["no extension", "no-extension"],
  [".wasm", "app"],
  ['"quoted"\\back\x7f\n.wasm', "quoted-back"],
] as const;

for (const [fileName, id] of VECTORS) {
  Deno.test(`syntheticManifest() makes ${id} of ${JSON.stringify(fileName)}`, () => {
    assert.deepEqual(
      JSON.parse(JSON.stringify(parse(syntheticManifest(fileName)))),
      {
        spin_manifest_version: 2,
        application: { name: id },
        trigger: { timer: [{ component: id, interval: "1s" }] },
        component: { [id]: { source: fileName } },
      },
    );
  });
}
