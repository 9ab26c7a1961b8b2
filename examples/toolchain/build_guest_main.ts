/**
 * Builds one component in a process of its own: the WebAssembly tools and componentize-js leave a
 * message port open, which a test's resource sanitizer would take for the test's own leak.
 *
 * Usage: `build_guest_main.ts <output> <engine> <source URL> [<WIT URL>]`
 *
 * @module
 */

import { buildGuest } from "./build_guest.ts";
import type { GuestSpec } from "./guest_spec.ts";

const [output, engine, source, wit] = Deno.args;
if (output === undefined || source === undefined) {
  throw new TypeError("Both an output and a source are needed");
}
await Deno.writeFile(output, await buildGuest(toSpec(engine, source, wit)));

function toSpec(
  engine: string | undefined,
  source: string,
  wit: string | undefined,
): GuestSpec {
  if (engine === "wat") {
    return {
      engine,
      source: new URL(source),
      ...(wit === undefined ? {} : { wit: new URL(wit) }),
    };
  }
  if ((engine === "qjs" || engine === "starlingmonkey") && wit !== undefined) {
    return { engine, source: new URL(source), wit: new URL(wit) };
  }
  throw new TypeError(`Engine "${engine}" cannot build ${source}`);
}
