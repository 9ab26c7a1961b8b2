/**
 * Parses the WIT on stdin, in a process of its own: the WebAssembly tools leave a message port
 * open, which a test's resource sanitizer would take for the test's own leak.
 *
 * @module
 */

import { componentEmbed } from "@bytecodealliance/jco-transpile/wasm-tools";

const witSource = await new Response(Deno.stdin.readable).text();
await componentEmbed({ dummy: true, witSource });
