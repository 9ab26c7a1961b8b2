import { ReadinessPollable } from "../io/readiness_pollable.ts";
import type { Pollable } from "../io/pollable.ts";
import { MOST_WAITING_DATAGRAMS } from "./bounds.ts";
import { type IpSocketAddress, toIpSocketAddress } from "./ip_address.ts";
import type { UdpChannel } from "./udp_channel.ts";

/** The record `wasi:sockets/udp.incoming-datagram`. */
export interface IncomingDatagram {
  /** What it holds. */
  readonly data: Uint8Array;
  /** Who sent it. */
  readonly remoteAddress: IpSocketAddress;
}

/** The resource `wasi:sockets/udp.incoming-datagram-stream`. */
export class IncomingDatagramStream {
  readonly #channel: UdpChannel;

  /**
   * Creates a stream.
   *
   * @param channel Where the datagrams come from.
   */
  constructor(channel: UdpChannel) {
    this.#channel = channel;
  }

  /**
   * Takes the datagrams that are there.
   *
   * @param most How many at most.
   * @returns The datagrams; none if none are there.
   * @throws `invalid-state`, or what the system says about an earlier datagram
   */
  receive(most: bigint): IncomingDatagram[] {
    const { port } = this.#channel;
    const taken = port.receive(Math.min(Number(most), MOST_WAITING_DATAGRAMS));
    if (taken.length === 0 && most > 0n) port.throwFailure();
    return taken.map(({ data, remote }) => ({ data, remoteAddress: toIpSocketAddress(remote) }));
  }

  /** Makes a pollable that is ready when there is something to receive. */
  subscribe(): Pollable {
    return new ReadinessPollable(
      this.#channel.port.receivable,
      this.#channel.sockets.guest.signal,
    );
  }
}
