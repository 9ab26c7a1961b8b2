import { RECEIVE_BUFFER, SEND_BUFFER } from "./bounds.ts";
import type { SocketErrorCode } from "./socket_error.ts";

/** What a socket is set to, and what an accepted one inherits. */
export interface TcpSettings {
  /** Whether the system asks the peer whether it is still there. */
  readonly keepAlive: boolean;
  /** After how long (ns) without data it asks. */
  readonly idleTime: bigint;
  /** How long (ns) it waits for an answer before it asks again. */
  readonly interval: bigint;
  /** How often it asks before it gives up. */
  readonly count: number;
}

const SECOND = 1_000_000_000n;

/** The most that Linux takes for its counts of seconds. */
const LONGEST = 32_767n * SECOND;

/** The most that Linux takes for its count of probes. */
const MOST_PROBES = 127;

/** What the system sets every packet to; neither Deno nor Node can change it for TCP. */
const HOP_LIMIT = 64;

/** What Linux starts with. */
const DEFAULTS: TcpSettings = {
  keepAlive: false,
  idleTime: 7_200n * SECOND,
  interval: 75n * SECOND,
  count: 9,
};

/**
 * The options of `wasi:sockets/tcp.tcp-socket`.
 *
 * | option | what comes of it |
 * |---|---|
 * | `keep-alive-enabled`, `keep-alive-idle-time` | set on the connection, in whole seconds |
 * | `keep-alive-interval`, `keep-alive-count` | kept and told, but the system's own count: neither Deno nor Node has a function for them |
 * | `hop-limit` | 64; another one is `not-supported`, for the same reason |
 * | `receive-buffer-size`, `send-buffer-size` | always 65,536, the size of the buffers of this host |
 */
export abstract class TcpSocketOptions {
  #settings: TcpSettings;

  /**
   * Creates the options.
   *
   * @param inherited The options of the socket that accepted this one. Default the system's.
   */
  constructor(inherited: TcpSettings = DEFAULTS) {
    this.#settings = inherited;
  }

  /** What the socket is set to. */
  get settings(): TcpSettings {
    return this.#settings;
  }

  /** Tells whether the system asks an idle peer whether it is still there. */
  keepAliveEnabled(): boolean {
    return this.#settings.keepAlive;
  }

  /** Sets {@linkcode keepAliveEnabled}. */
  setKeepAliveEnabled(keepAlive: boolean): void {
    this.#set({ keepAlive });
  }

  /** Tells after how long (ns) a peer is idle. */
  keepAliveIdleTime(): bigint {
    return this.#settings.idleTime;
  }

  /** Sets {@linkcode keepAliveIdleTime}, in whole seconds. */
  setKeepAliveIdleTime(value: bigint): void {
    this.#set({ idleTime: wholeSeconds(value) });
  }

  /** Tells after how long (ns) an idle peer is asked again. */
  keepAliveInterval(): bigint {
    return this.#settings.interval;
  }

  /** Sets {@linkcode keepAliveInterval}, in whole seconds. */
  setKeepAliveInterval(value: bigint): void {
    this.#set({ interval: wholeSeconds(value) });
  }

  /** Tells how often an idle peer is asked. */
  keepAliveCount(): number {
    return this.#settings.count;
  }

  /** Sets {@linkcode keepAliveCount}. */
  setKeepAliveCount(value: number): void {
    this.#set({ count: Math.min(positive(value), MOST_PROBES) });
  }

  /** Tells over how many hops a packet may go. */
  hopLimit(): number {
    return HOP_LIMIT;
  }

  /** Answers `not-supported` to any other hop limit than the one there is. */
  setHopLimit(value: number): void {
    if (positive(value) !== HOP_LIMIT) throw "not-supported" satisfies SocketErrorCode;
  }

  /** Tells how many bytes are read ahead. */
  receiveBufferSize(): bigint {
    return BigInt(RECEIVE_BUFFER);
  }

  /** Changes nothing: the WIT text lets a host round the size to the one that it has. */
  setReceiveBufferSize(value: bigint): void {
    positive(value);
  }

  /** Tells how many bytes may wait to be sent. */
  sendBufferSize(): bigint {
    return BigInt(SEND_BUFFER);
  }

  /** Changes nothing: the WIT text lets a host round the size to the one that it has. */
  setSendBufferSize(value: bigint): void {
    positive(value);
  }

  /** Is called when {@linkcode settings} have changed. */
  protected abstract onSettings(): void;

  #set(changed: Partial<TcpSettings>): void {
    this.#settings = { ...this.#settings, ...changed };
    this.onSettings();
  }
}

function positive<T extends number | bigint>(value: T): T {
  if (value <= 0) throw "invalid-argument" satisfies SocketErrorCode;
  return value;
}

function wholeSeconds(value: bigint): bigint {
  const rounded = ((positive(value) + SECOND - 1n) / SECOND) * SECOND;
  return rounded < LONGEST ? rounded : LONGEST;
}
