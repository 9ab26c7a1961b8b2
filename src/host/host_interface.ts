/**
 * The contract between a guest's imports and what implements them. Everything under `src/host/`
 * runs beside the guest, inside the locked worker, and uses nothing but the platform.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { AllowedHosts } from "../policy/allowed_hosts.ts";
import type { AllowedInbound } from "../policy/allowed_inbound.ts";
import type { Denial } from "../policy/denial.ts";
import type { Mount } from "../policy/policy.ts";

/** What the host interfaces of one guest instance work with. Made anew for every instance. */
export interface GuestContext {
  /** The environment variables that the guest sees. */
  readonly environment: Readonly<Record<string, string>>;
  /** The command-line arguments that the guest sees. */
  readonly arguments: readonly string[];
  /** The directories that the guest sees. */
  readonly mounts: readonly Mount[];
  /** The hosts that the guest may connect to. */
  readonly allowedHosts: AllowedHosts;
  /** The addresses that the guest may listen on. */
  readonly allowedInbound: AllowedInbound;
  /**
   * Gives the next bytes of the guest's stdin.
   *
   * @param limit How many bytes at most; at least 1.
   * @returns At least one byte, or `undefined` at the end.
   */
  readonly stdin: (limit: number) => Promise<Uint8Array | undefined>;
  /** Takes what the guest writes to its stdout. The chunk is the callee's to keep. */
  readonly stdout: (chunk: Uint8Array) => void;
  /** Takes what the guest writes to its stderr. The chunk is the callee's to keep. */
  readonly stderr: (chunk: Uint8Array) => void;
  /** Is told whenever the guest was refused something. The host interface then fails the call. */
  readonly onDenied: (denial: Denial) => void;
  /** The clock that the guest sees, and waits on. */
  readonly clock: Clock;
  /** Where the guest's random numbers come from. */
  readonly random: RandomSource;
  /** Fires when the event is cancelled: every wait of the guest then rejects with its reason. */
  readonly signal: AbortSignal;
}

/** A source of random bytes. */
export interface RandomSource {
  /**
   * Fills bytes at random.
   *
   * @param bytes What to fill, of any length.
   */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
}

/**
 * What jco's generated code links an import against: functions under their camelCase names, and
 * resource classes under their PascalCase names. The shapes are those of the canonical ABI as jco
 * maps it to JavaScript: `u64` is `bigint`, `list<u8>` is `Uint8Array`, `option` none is
 * `undefined`, and an error of a `result` is thrown as its bare value.
 */
// deno-lint-ignore ban-types -- a boundary: signatures differ per interface and jco checks none
export type HostImplementation = Readonly<Record<string, Function>>;

/** The implementation of one WIT interface that guests import. */
export interface HostInterface {
  /** The interface without its version, such as `wasi:cli/environment`. */
  readonly id: string;
  /**
   * Makes the implementation for one guest instance.
   *
   * @param guest What this instance was granted.
   * @returns The functions and resource classes of the interface.
   */
  create(guest: GuestContext): HostImplementation;
}
