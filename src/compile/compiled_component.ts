/**
 * What a component is once jco has had it: ready to be instantiated, not linked to anything.
 *
 * @module
 */

import type { World } from "./world.ts";

/** A component as an ES module and core modules. */
export interface CompiledComponent {
  /** The digest of the component that this was made from, as `sha256:<hex>`. */
  readonly digest: string;
  /** What the component imports and exports. */
  readonly world: World;
  /** Whether its exports return promises, because the guest may be suspended in a host call. */
  readonly suspends: boolean;
  /** The source of an ES module that exports `instantiate(getCoreModule, imports, instantiateCore)`. */
  readonly source: string;
  /** The core modules' bytes by the names that `getCoreModule` is called with. */
  readonly modules: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Why core modules could not be instrumented: they cannot be stopped but with their thread. */
  readonly uninstrumented: readonly string[];
}
