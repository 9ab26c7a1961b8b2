import { Condition } from "../io/condition.ts";
import { ReadinessPollable } from "../io/readiness_pollable.ts";
import type { Pollable } from "../io/pollable.ts";
import { DatagramPort, type DatagramSettings } from "./datagram_port.ts";
import { requireInbound } from "./inbound_grant.ts";
import { IncomingDatagramStream } from "./incoming_datagram_stream.ts";
import type { InstanceSockets } from "./instance_sockets.ts";
import {
  type Endpoint,
  type IpAddressFamily,
  type IpSocketAddress,
  isMapped,
  isUnspecified,
  toEndpoint,
  toIpSocketAddress,
} from "./ip_address.ts";
import { isPermitted } from "./is_permitted.ts";
import type { Network } from "./network.ts";
import { Operation } from "./operation.ts";
import { isUdpRemote, OutgoingDatagramStream } from "./outgoing_datagram_stream.ts";
import { outboundRoute, requireRoute } from "./outbound_route.ts";
import type { SocketErrorCode } from "./socket_error.ts";
import { UdpChannel } from "./udp_channel.ts";

type State =
  | { readonly tag: "unbound" | "closed" }
  | { readonly tag: "binding"; readonly operation: Operation<DatagramPort> }
  | { readonly tag: "bound"; readonly port: DatagramPort };

/** What a size of the system's buffers is brought into, in bytes. */
const BUFFER = { least: 4_096, most: 1_048_576 } as const;

/** The resource `wasi:sockets/udp.udp-socket`. */
export class UdpSocket implements Disposable {
  readonly #family: IpAddressFamily;
  readonly #sockets: InstanceSockets;
  readonly #changed = new Condition(() => this.#isReady());
  readonly #end = new AbortController();
  readonly #onClosed: () => void;
  #state: State = { tag: "unbound" };
  #settings: DatagramSettings = { hopLimit: 64, receiveBuffer: 65_536, sendBuffer: 65_536 };
  #channel: UdpChannel | undefined;
  #remote: Endpoint | undefined;

  /**
   * Creates a socket.
   *
   * @param family Which kind of addresses it is for.
   * @param sockets The instance's sockets.
   * @throws `new-socket-limit`
   */
  constructor(family: IpAddressFamily, sockets: InstanceSockets) {
    this.#family = family;
    this.#sockets = sockets;
    this.#onClosed = sockets.open(() => this[Symbol.dispose]());
  }

  /** Tells which kind of addresses the socket is for. */
  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  /** Makes a pollable that is ready when {@linkcode finishBind} has something to say. */
  subscribe(): Pollable {
    return new ReadinessPollable(this.#changed, this.#sockets.guest.signal);
  }

  /**
   * Begins to bind the socket. A client's address is any, with any free port; that needs no entry
   * of `allowed_inbound`, but then only datagrams of hosts that may be sent to are received.
   *
   * @param _network The only network there is.
   * @param address The local address.
   * @throws `invalid-argument`, `invalid-state`, `concurrency-conflict`, `access-denied`
   */
  startBind(_network: Network, address: IpSocketAddress): void {
    if (this.#state.tag === "binding") fail("concurrency-conflict");
    if (this.#state.tag !== "unbound") fail("invalid-state");
    if (address.tag !== this.#family || isMapped(address)) fail("invalid-argument");
    const local = toEndpoint(address);
    const target = { protocol: "udp", ...local } as const;
    const isClient = isUnspecified(address) && local.port === 0 &&
      !this.#sockets.guest.allowedInbound.check(target) && isPermitted(local);
    if (!isClient) requireInbound(this.#sockets, target);
    const operation = new Operation(
      DatagramPort.open(local, {
        settings: this.#settings,
        accepts: (remote) => this.#accepts(remote, isClient),
        signal: this.#end.signal,
      }),
      () => this.#changed.changed(),
    );
    this.#state = { tag: "binding", operation };
  }

  /**
   * Ends {@linkcode startBind}. After a failure the socket may be bound again.
   *
   * @throws `not-in-progress`, `would-block`, `address-in-use`, `address-not-bindable`
   */
  finishBind(): void {
    if (this.#state.tag !== "binding") fail("not-in-progress");
    const { operation } = this.#state;
    if (operation.isSettled) this.#state = { tag: "unbound" };
    this.#state = { tag: "bound", port: operation.finish() };
  }

  /**
   * Makes the streams; those of an earlier call are of no use any more.
   *
   * @param address The only peer; `undefined` for any.
   * @returns The streams.
   * @throws `invalid-argument`, `invalid-state`, `access-denied`
   */
  stream(address: IpSocketAddress | undefined): [IncomingDatagramStream, OutgoingDatagramStream] {
    if (this.#state.tag !== "bound") fail("invalid-state");
    if (address !== undefined && !isUdpRemote(address, this.#family)) fail("invalid-argument");
    const { port } = this.#state;
    const remote = address === undefined ? undefined : toEndpoint(address);
    if (remote !== undefined) {
      requireRoute(this.#sockets, { protocol: "udp", ...remote });
      port.keepOnly(remote);
    }
    this.#channel?.close();
    this.#remote = remote;
    const channel = new UdpChannel(port, {
      family: this.#family,
      sockets: this.#sockets,
      remote,
    });
    this.#channel = channel;
    return [new IncomingDatagramStream(channel), new OutgoingDatagramStream(channel)];
  }

  /**
   * Tells where the socket is bound.
   *
   * @throws `invalid-state`, `concurrency-conflict`
   */
  localAddress(): IpSocketAddress {
    if (this.#state.tag === "binding") fail("concurrency-conflict");
    if (this.#state.tag !== "bound") fail("invalid-state");
    return toIpSocketAddress(this.#state.port.local);
  }

  /**
   * Tells the only peer.
   *
   * @throws `invalid-state`
   */
  remoteAddress(): IpSocketAddress {
    if (this.#remote === undefined) fail("invalid-state");
    return toIpSocketAddress(this.#remote);
  }

  /** Tells over how many hops a datagram may go. */
  unicastHopLimit(): number {
    return this.#settings.hopLimit;
  }

  /** Sets {@linkcode unicastHopLimit}. */
  setUnicastHopLimit(hopLimit: number): void {
    if (hopLimit === 0) fail("invalid-argument");
    this.#set({ hopLimit });
  }

  /** Tells the size that the system's buffer for what was received was set to, in bytes. */
  receiveBufferSize(): bigint {
    return BigInt(this.#settings.receiveBuffer);
  }

  /** Sets {@linkcode receiveBufferSize}, to 4,096 to 1,048,576. */
  setReceiveBufferSize(value: bigint): void {
    this.#set({ receiveBuffer: bufferSize(value) });
  }

  /** Tells the size that the system's buffer for what is to be sent was set to, in bytes. */
  sendBufferSize(): bigint {
    return BigInt(this.#settings.sendBuffer);
  }

  /** Sets {@linkcode sendBufferSize}, to 4,096 to 1,048,576. */
  setSendBufferSize(value: bigint): void {
    this.#set({ sendBuffer: bufferSize(value) });
  }

  /** Closes the socket. Its streams are of no use any more. */
  [Symbol.dispose](): void {
    this.#end.abort();
    this.#channel?.close();
    this.#state = { tag: "closed" };
    this.#onClosed();
    this.#changed.changed();
  }

  #accepts(remote: Endpoint, isClient: boolean): boolean {
    const only = this.#remote;
    if (only !== undefined && (remote.host !== only.host || remote.port !== only.port)) {
      return false;
    }
    return !isClient || outboundRoute(this.#sockets, { protocol: "udp", ...remote }) !== undefined;
  }

  #isReady(): boolean {
    return this.#state.tag !== "binding" || this.#state.operation.isSettled;
  }

  #set(changed: Partial<DatagramSettings>): void {
    this.#settings = { ...this.#settings, ...changed };
    if (this.#state.tag === "bound") this.#state.port.set(this.#settings);
  }
}

function bufferSize(value: bigint): number {
  if (value === 0n) fail("invalid-argument");
  return Math.max(BUFFER.least, Number(value < BUFFER.most ? value : BUFFER.most));
}

function fail(code: SocketErrorCode): never {
  throw code;
}
