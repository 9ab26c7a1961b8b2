/**
 * What the sockets of one guest instance share.
 *
 * @module
 */

import type { GuestContext } from "../../../host_interface.ts";
import { MOST_SOCKETS } from "./bounds.ts";
import { ResolvedNames } from "./resolved_names.ts";
import type { SocketErrorCode } from "./socket_error.ts";

/** What the sockets of one guest instance share. Everything open ends with the instance. */
export class InstanceSockets {
  /** What the instance was granted. */
  readonly guest: GuestContext;
  /** What the instance's own lookups found. */
  readonly names = new ResolvedNames();
  readonly #open = new Set<() => void>();

  /**
   * Creates an empty collection.
   *
   * @param guest What the instance was granted.
   */
  constructor(guest: GuestContext) {
    this.guest = guest;
    guest.signal.addEventListener("abort", () => {
      for (const end of [...this.#open]) end();
    }, { once: true });
  }

  /** Whether the instance has as many open sockets as it may. */
  get isFull(): boolean {
    return this.#open.size >= MOST_SOCKETS;
  }

  /**
   * Counts a socket that is about to be opened.
   *
   * @param end Closes the socket; called at the instance's end.
   * @returns A function to call when the socket is closed.
   * @throws `new-socket-limit`
   */
  open(end: () => void): () => void {
    if (this.isFull) throw "new-socket-limit" satisfies SocketErrorCode;
    const opened = () => end();
    this.#open.add(opened);
    return () => this.#open.delete(opened);
  }
}

// Several interfaces share it, and what they have in common is the context that they were made for.
const BY_GUEST = new WeakMap<GuestContext, InstanceSockets>();

/**
 * Finds what the sockets of an instance share.
 *
 * @param guest The instance's context.
 * @returns The same object for the same context.
 */
export function instanceSockets(guest: GuestContext): InstanceSockets {
  const found = BY_GUEST.get(guest) ?? new InstanceSockets(guest);
  BY_GUEST.set(guest, found);
  return found;
}
