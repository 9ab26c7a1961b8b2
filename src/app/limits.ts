/**
 * How much a component may use where nobody says otherwise.
 *
 * @module
 */

import type { Limits } from "./application.ts";

/** The limits of a component whose manifest names none: 30 s, 256 MiB, 16 instances, 100 waiting. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  timeout: 30_000,
  memory: 256 * 1_048_576,
  maxConcurrency: 16,
  queue: 100,
});
