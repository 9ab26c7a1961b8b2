import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { jcoReady } from "../jco_ready.ts";

await jcoReady();

/** Makes a core module of text. */
export async function wat(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(text));
}
