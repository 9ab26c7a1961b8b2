/**
 * What the application model must know of a trigger type to validate its entries, and no more.
 *
 * @module
 */

import type { ZodType } from "zod";

/** The schemas of one trigger type's keys. */
export interface TriggerSchema {
  /** The type's name, as in `[[trigger.<type>]]`. */
  readonly type: string;
  /** The keys of one entry, without the common `id` and `component`. */
  readonly config: ZodType;
  /** The keys of `[application.trigger.<type>]`; no key is allowed if absent. */
  readonly settings?: ZodType;
}
