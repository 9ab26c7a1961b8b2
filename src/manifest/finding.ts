/**
 * Problems in a manifest while it is being validated, before they are given places in its text.
 *
 * @module
 */

import type { ManifestCode } from "./error_codes.ts";

/** The keys that lead to a value. */
export type KeyPath = readonly (string | number)[];

/** A problem that knows which value it is about, but not where that value stands. */
export interface Finding {
  /** The kind of problem. */
  readonly code: ManifestCode;
  /** What is wrong, naming the value. */
  readonly message: string;
  /** The keys that lead to the value, in a manifest of version 2. */
  readonly path: KeyPath;
  /** Whether to point at the key or at the value. Default the value. */
  readonly at?: "key" | "value";
  /** What was expected instead. */
  readonly expected?: string;
  /** The fix. */
  readonly hint?: string;
}

/** Everything found so far; validation goes on after a problem, to report all of them at once. */
export interface Findings {
  /** What makes the manifest invalid. */
  readonly errors: Finding[];
  /** What the author should know. */
  readonly warnings: Finding[];
}
