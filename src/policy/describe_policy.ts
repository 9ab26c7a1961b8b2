/**
 * A policy in words, to be read beside the Deno permissions that are made of it.
 *
 * @module
 */

import type { Policy } from "./policy.ts";

/** What a policy grants, one entry for each thing granted. */
export interface PolicyDescription {
  /** The names of the environment variables. */
  readonly environment: readonly string[];
  /** The mounts, such as `/data (writable)`. */
  readonly files: readonly string[];
  /** The hosts that may be connected to, as the manifest has them. */
  readonly outbound: readonly string[];
  /** The addresses that may be listened on, as the manifest has them. */
  readonly inbound: readonly string[];
}

/**
 * Says what a policy grants.
 *
 * @param policy The policy.
 * @returns The description; an empty list where nothing is granted.
 */
export function describePolicy(policy: Policy): PolicyDescription {
  return {
    environment: Object.keys(policy.environment),
    files: policy.mounts.map(({ guestPath, writable }) =>
      `${guestPath} (${writable ? "writable" : "read-only"})`
    ),
    outbound: policy.allowedHosts.entries,
    inbound: policy.allowedInbound.entries,
  };
}
