import { guestTrap } from "../../../guest_trap.ts";
import { ReadinessPollable } from "../io/readiness_pollable.ts";
import type { Pollable } from "../io/pollable.ts";
import type { DatagramPort } from "./datagram_port.ts";
import {
  type Endpoint,
  type IpSocketAddress,
  isMapped,
  isUnspecified,
  toEndpoint,
} from "./ip_address.ts";
import { isPermitted } from "./is_permitted.ts";
import { denyRemote, requireRoute } from "./outbound_route.ts";
import type { SocketErrorCode } from "./socket_error.ts";
import type { UdpChannel } from "./udp_channel.ts";

/** The record `wasi:sockets/udp.outgoing-datagram`. */
export interface OutgoingDatagram {
  /** What it holds; the host's to keep. */
  readonly data: Uint8Array;
  /** Where it goes; absent where the socket has one peer. */
  readonly remoteAddress?: IpSocketAddress | undefined;
}

/** The most that UDP has room for: 65,535 bytes less the headers. */
const LARGEST = { ipv4: 65_507, ipv6: 65_527 } as const;

/** The resource `wasi:sockets/udp.outgoing-datagram-stream`. */
export class OutgoingDatagramStream {
  readonly #channel: UdpChannel;
  #permitted = 0;

  /**
   * Creates a stream.
   *
   * @param channel Where the datagrams go.
   */
  constructor(channel: UdpChannel) {
    this.#channel = channel;
  }

  /**
   * Asks how much may be sent.
   *
   * @returns How many datagrams the next {@linkcode send} may have.
   * @throws `invalid-state`, or what the system says about an earlier datagram
   */
  checkSend(): bigint {
    const { port } = this.#channel;
    port.throwFailure();
    this.#permitted = port.room;
    return BigInt(port.room);
  }

  /**
   * Sends datagrams up to the first that cannot be sent.
   *
   * @param datagrams At most as many as the last {@linkcode checkSend} permitted, else the guest
   * traps.
   * @returns How many were handed to the system.
   * @throws Why the first cannot be sent: `invalid-state`, `invalid-argument`, `access-denied`,
   * `datagram-too-large`
   */
  send(datagrams: readonly OutgoingDatagram[]): bigint {
    if (datagrams.length > this.#permitted) {
      throw guestTrap(
        `Send of ${datagrams.length} datagrams where check-send permitted ${this.#permitted}`,
      );
    }
    this.#permitted = 0;
    const { port } = this.#channel;
    let sent = 0n;
    for (const datagram of datagrams) {
      try {
        this.#sendOne(port, datagram);
      } catch (error) {
        if (sent === 0n) throw error;
        break;
      }
      sent += 1n;
    }
    return sent;
  }

  /** Makes a pollable that is ready when {@linkcode checkSend} permits at least one datagram. */
  subscribe(): Pollable {
    return new ReadinessPollable(this.#channel.port.sendable, this.#channel.sockets.guest.signal);
  }

  #sendOne(port: DatagramPort, { data, remoteAddress }: OutgoingDatagram): void {
    const { family, sockets } = this.#channel;
    const remote = this.#destination(remoteAddress);
    if (data.length > LARGEST[family]) throw "datagram-too-large" satisfies SocketErrorCode;
    const target = { protocol: "udp", ...remote } as const;
    const { name } = requireRoute(sockets, target);
    if (!isPermitted(remote)) {
      denyRemote(
        sockets,
        target,
        name === undefined
          ? "Deno's permissions do not cover it"
          : `Deno's permission for ${name} covers no datagrams, only that for the address does`,
      );
    }
    port.send(data, remote);
  }

  #destination(address: IpSocketAddress | undefined): Endpoint {
    const { family, remote } = this.#channel;
    const given = address === undefined ? undefined : toEndpoint(address);
    const destination = given ?? remote;
    if (
      destination === undefined ||
      (address !== undefined && !isUdpRemote(address, family)) ||
      (remote !== undefined &&
        (destination.host !== remote.host || destination.port !== remote.port))
    ) throw "invalid-argument" satisfies SocketErrorCode;
    return destination;
  }
}

/**
 * Tells whether a datagram can go to an address at all.
 *
 * @param address The address.
 * @param family Which kind of addresses the socket is for.
 */
export function isUdpRemote(address: IpSocketAddress, family: IpSocketAddress["tag"]): boolean {
  return address.tag === family && address.val.port !== 0 && !isUnspecified(address) &&
    !isMapped(address);
}
