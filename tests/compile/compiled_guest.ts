import type { CompiledComponent } from "../../src/compile/compiled_component.ts";
import { Compiler } from "../../src/compile/compiler.ts";
import { HOST_CATALOG } from "../../src/host/catalog.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import type { LoadedSource } from "../../src/loader/loader.ts";
import { guest, type GuestName } from "../support/guests.ts";

/** Which host functions may suspend a guest, as the compiler wants to be told. */
export const SUSPENDING_IMPORTS: ReadonlyMap<string, readonly string[]> = new Map(
  HOST_CATALOG.map(({ id, suspends }) => [id, suspends]),
);

const compiler = new Compiler({ suspendingImports: SUSPENDING_IMPORTS });
const compiled = new Map<GuestName, Promise<CompiledComponent>>();

/** Loads a test guest, as the loader does. */
export async function guestSource(name: GuestName): Promise<LoadedSource> {
  const bytes = await Deno.readFile(await guest(name));
  return { bytes, digest: await sha256Digest(bytes) };
}

/** Compiles a test guest, once for every file of tests. */
export function compiledGuest(name: GuestName): Promise<CompiledComponent> {
  const known = compiled.get(name) ??
    guestSource(name).then((source) => compiler.compile(source, name));
  compiled.set(name, known);
  return known;
}
