/**
 * Tells whether a component was built from the sources as they are now, without building it.
 *
 * @module
 */

import toolchain from "./deno.json" with { type: "json" };
import type { GuestSpec } from "./guest_spec.ts";

/** The npm packages whose version decides what an engine builds. */
const ENGINE_PACKAGES = {
  qjs: "componentize-qjs",
  starlingmonkey: "@bytecodealliance/componentize-js",
  wat: "@bytecodealliance/jco-transpile",
} as const satisfies Record<
  GuestSpec["engine"],
  keyof typeof toolchain.imports
>;

/**
 * Digests a guest's sources and the version of what builds it.
 *
 * @param spec The guest's sources.
 * @param others Further files that decide what comes out.
 * @returns A SHA-256, as 64 lower-case hexadecimal digits.
 */
export async function fingerprint(
  spec: GuestSpec,
  others: readonly URL[] = [],
): Promise<string> {
  const files = [spec.source, ...others];
  if (spec.wit !== undefined) files.push(spec.wit);
  const parts = [
    toolchain.imports[ENGINE_PACKAGES[spec.engine]],
    ...await Promise.all(files.map((file) => Deno.readTextFile(file))),
  ];
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(JSON.stringify(parts)),
  );
  return new Uint8Array(digest).toHex();
}
