/**
 * Builds the raw guest, in a process of its own: the WebAssembly tools leave a message port open.
 *
 * Usage: `build_raw_guest_main.ts <WIT file> <component> <imports as JSON>`
 *
 * @module
 */

import {
  componentEmbed,
  componentNew,
  parse,
  print,
} from "@bytecodealliance/jco-transpile/wasm-tools";
import { importId, importsOf, rawGuestWat } from "./raw_guest_wat.ts";

const [wit, output, list] = Deno.args;
if (wit === undefined || output === undefined || list === undefined) {
  throw new TypeError("A WIT file and two outputs are needed");
}
const witSource = await Deno.readTextFile(wit);
// The tools know how each function is lowered; a module that does nothing shows it.
const dummy = await componentEmbed({ dummy: true, witSource });
const imports = importsOf(await print(dummy));
const binary = await parse(rawGuestWat(imports));
const component = await componentNew(await componentEmbed({ binary, witSource }));
await Deno.writeTextFile(list, JSON.stringify(imports.map(importId)));
await Deno.writeFile(output, component);
