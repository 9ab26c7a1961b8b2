/**
 * Everything that hostile guests try, as data.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import { demandAttempts } from "./demand_attempts.ts";
import { lieAttempts } from "./lie_attempts.ts";
import { limitAttempts } from "./limit_attempts.ts";
import { networkAttempts } from "./network_attempts.ts";
import { pathAttempts } from "./path_attempts.ts";

/** All attempts. */
export const attempts: readonly Attempt[] = [
  ...pathAttempts,
  ...networkAttempts,
  ...demandAttempts,
  ...lieAttempts,
  ...limitAttempts,
];
