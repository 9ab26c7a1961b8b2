/**
 * Checks the addresses that a component may listen on.
 *
 * @module
 */

import { GyreError } from "../errors.ts";
import { AllowedInbound } from "../policy/allowed_inbound.ts";
import type { Findings, KeyPath } from "./finding.ts";

/**
 * Checks the entries of `allowed_inbound`.
 *
 * @param inbound The entries, and the keys that lead to them.
 * @param findings Where problems are added.
 */
export function checkInbound(
  inbound: { readonly entries: readonly string[]; readonly path: KeyPath },
  findings: Findings,
): void {
  for (const [index, entry] of inbound.entries.entries()) {
    try {
      AllowedInbound.parse([entry]);
    } catch (error) {
      if (!(error instanceof GyreError)) throw error;
      findings.errors.push({
        code: "ERR_ALLOWED_INBOUND",
        message: error.message,
        path: [...inbound.path, index],
        ...(error.hint !== undefined && { hint: error.hint }),
      });
    }
  }
}
