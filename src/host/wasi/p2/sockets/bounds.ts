/**
 * How much of the host a guest's sockets may take up. All of these count per instance.
 *
 * @module
 */

/** Open sockets, connections that wait to be accepted included. */
export const MOST_SOCKETS = 256;

/** Connections that wait to be accepted at one listening socket; more are closed. */
export const MOST_BACKLOG = 128;

/** Bytes of one connection that are read ahead of the guest. */
export const RECEIVE_BUFFER = 65_536;

/** Bytes of one connection that the guest may write before the system has taken them. */
export const SEND_BUFFER = 65_536;

/** Datagrams of one socket that wait to be received; more are dropped. */
export const MOST_WAITING_DATAGRAMS = 128;

/** Bytes in the datagrams of one socket that wait to be received; more are dropped. */
export const MOST_WAITING_DATAGRAM_BYTES = 1_048_576;

/** Datagrams of one socket that the system has not taken yet. */
export const MOST_UNSENT_DATAGRAMS = 32;

/** Names that are being looked up at once. */
export const MOST_LOOKUPS = 32;

/** Addresses that one lookup gives; more are left out. */
export const MOST_LOOKUP_RESULTS = 64;

/** Pairs of a name and an address of it that are remembered; then the oldest are forgotten. */
export const MOST_RESOLVED_NAMES = 1_024;
