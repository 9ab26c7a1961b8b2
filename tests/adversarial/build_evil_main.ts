/**
 * Builds components from their texts, in a process of its own: the WebAssembly tools leave a message
 * port open.
 *
 * Usage: `build_evil_main.ts <directory> <texts by name, as JSON>`
 *
 * @module
 */

import { join } from "node:path";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";

const [directory, json] = Deno.args;
if (directory === undefined || json === undefined) {
  throw new TypeError("A directory and texts are needed");
}
const texts: Readonly<Record<string, string>> = JSON.parse(json);
for (const [name, text] of Object.entries(texts)) {
  await Deno.writeFile(join(directory, `${name}.wasm`), await parse(text));
}
