/**
 * What a component is built from.
 *
 * @module
 */

/** A guest's sources, and what turns them into a component. */
export type GuestSpec = ScriptGuestSpec | WatGuestSpec;

/** A guest in TypeScript: one file with erasable types and no import but WIT's. */
export interface ScriptGuestSpec {
  /** The JavaScript engine that is put into the component. */
  readonly engine: "qjs" | "starlingmonkey";
  /** The TypeScript file. */
  readonly source: URL;
  /** One WIT file with one world; the packages that it needs are nested in it. */
  readonly wit: URL;
}

/** A guest in the WebAssembly text format. */
export interface WatGuestSpec {
  /** The marker of the kind. */
  readonly engine: "wat";
  /** A core module that follows the canonical ABI or, without `wit`, a whole component. */
  readonly source: URL;
  /** One WIT file with one world; the packages that it needs are nested in it. */
  readonly wit?: URL;
}
