/**
 * What takes a guest's output is the embedder's code, and must not end the guest.
 *
 * @module
 */

import type { GuestOutput } from "../guest/output.ts";
import { logger } from "../log.ts";

/**
 * Makes a receiver of output that never throws.
 *
 * @param onOutput The embedder's receiver. What it throws is logged.
 * @returns The receiver to call.
 */
export function guarded(onOutput: (output: GuestOutput) => void): (output: GuestOutput) => void {
  return (output) => {
    try {
      onOutput(output);
    } catch (error) {
      logger("isolation").error("A receiver of guest output failed: {error}", { error });
    }
  };
}
