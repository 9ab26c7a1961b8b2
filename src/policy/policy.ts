/**
 * The policy of one component: everything it may touch, decided in one place. The host interfaces
 * check it before they open anything, and the worker's Deno permissions are generated from it.
 *
 * @module
 */

import type { AllowedHosts } from "./allowed_hosts.ts";
import type { AllowedInbound } from "./allowed_inbound.ts";

/** A directory of the host that a guest sees. */
export interface Mount {
  /** Absolute path of a directory on the host, without symlinks. */
  readonly hostPath: string;
  /** Absolute path under which the guest sees it, such as `/`. */
  readonly guestPath: string;
  /** Whether the guest may change what is in it. */
  readonly writable: boolean;
}

/** What one component may touch. Whatever is not listed here is denied. */
export interface Policy {
  /** The component's id, for messages. */
  readonly componentId: string;
  /** The environment variables that the guest sees. */
  readonly environment: Readonly<Record<string, string>>;
  /** The directories that the guest sees. */
  readonly mounts: readonly Mount[];
  /** The hosts that the guest may connect to. */
  readonly allowedHosts: AllowedHosts;
  /** The addresses that the guest may listen on. */
  readonly allowedInbound: AllowedInbound;
}
