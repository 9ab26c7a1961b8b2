/**
 * Builds a component from its source, for tests and examples.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import type { GuestSpec, ScriptGuestSpec, WatGuestSpec } from "./guest_spec.ts";

/**
 * Builds a component. Only `wat` gives the same bytes every time.
 *
 * @param spec The guest's sources.
 * @returns The component's bytes.
 */
export async function buildGuest(spec: GuestSpec): Promise<Uint8Array> {
  switch (spec.engine) {
    case "qjs":
      return await buildWithQuickJs(spec);
    case "starlingmonkey":
      return await buildWithStarlingMonkey(spec);
    case "wat":
      return await buildWat(spec);
  }
}

async function buildWithQuickJs(spec: ScriptGuestSpec): Promise<Uint8Array> {
  const { componentize } = await import("componentize-qjs");
  const { component } = await componentize({
    witPath: fileURLToPath(spec.wit),
    jsSource: await readScript(spec.source),
    sync: true,
    optSize: true,
  });
  return new Uint8Array(component);
}

async function buildWithStarlingMonkey(
  spec: ScriptGuestSpec,
): Promise<Uint8Array> {
  const { componentize } = await import("@bytecodealliance/componentize-js");
  // Its `witPath` fails in Deno with "Bad file descriptor".
  const witWorld = await Deno.readTextFile(spec.wit);
  const { component } = await componentize(
    await readScript(spec.source),
    witWorld,
  );
  return component;
}

async function buildWat(spec: WatGuestSpec): Promise<Uint8Array> {
  const { parse, componentEmbed, componentNew } = await import(
    "@bytecodealliance/jco-transpile/wasm-tools"
  );
  const binary = await parse(await Deno.readTextFile(spec.source));
  if (spec.wit === undefined) return binary;
  const witSource = await Deno.readTextFile(spec.wit);
  return await componentNew(await componentEmbed({ binary, witSource }));
}

// Types are blanked out in place, so lines and columns in a guest's stack are the source's own.
async function readScript(source: URL): Promise<string> {
  return stripTypeScriptTypes(await Deno.readTextFile(source));
}
