import type { Socket } from "node:net";
import { Condition } from "../io/condition.ts";
import { ReadinessPollable } from "../io/readiness_pollable.ts";
import { InputStream } from "../io/input_stream.ts";
import { OutputStream } from "../io/output_stream.ts";
import type { Pollable } from "../io/pollable.ts";
import { MOST_BACKLOG } from "./bounds.ts";
import { connectTcp } from "./connect_tcp.ts";
import { requireInbound } from "./inbound_grant.ts";
import type { InstanceSockets } from "./instance_sockets.ts";
import {
  type Endpoint,
  type IpAddressFamily,
  type IpSocketAddress,
  isMapped,
  isUnicast,
  isUnspecified,
  toEndpoint,
  toIpSocketAddress,
} from "./ip_address.ts";
import { isPermitted } from "./is_permitted.ts";
import type { Network } from "./network.ts";
import { Operation } from "./operation.ts";
import { denyRemote, requireRoute } from "./outbound_route.ts";
import type { SocketErrorCode } from "./socket_error.ts";
import { type ShutdownType, TcpConnection } from "./tcp_connection.ts";
import { TcpListener } from "./tcp_listener.ts";
import { type TcpSettings, TcpSocketOptions } from "./tcp_socket_options.ts";

/** The states of the WIT text, with what each of them has. */
type State =
  | { readonly tag: "unbound" | "closed" }
  | { readonly tag: "binding"; readonly operation: Operation<TcpListener> }
  | { readonly tag: "bound" | "starting-to-listen" | "listening"; readonly listener: TcpListener }
  | { readonly tag: "connecting"; readonly operation: Operation<Socket> }
  | { readonly tag: "connected"; readonly connection: TcpConnection };

/** What an accepted socket begins with. */
interface Accepted {
  readonly socket: Socket;
  readonly settings: TcpSettings;
}

/** The resource `wasi:sockets/tcp.tcp-socket`. */
export class TcpSocket extends TcpSocketOptions implements Disposable {
  readonly #family: IpAddressFamily;
  readonly #sockets: InstanceSockets;
  readonly #changed = new Condition(() => this.#isReady());
  readonly #end = new AbortController();
  readonly #onClosed: () => void;
  #state: State = { tag: "unbound" };
  #backlog = MOST_BACKLOG;

  /**
   * Creates a socket.
   *
   * @param family Which kind of addresses it is for.
   * @param sockets The instance's sockets.
   * @param accepted What it is made of, where it was accepted.
   * @throws `new-socket-limit`
   */
  constructor(family: IpAddressFamily, sockets: InstanceSockets, accepted?: Accepted) {
    super(accepted?.settings);
    this.#family = family;
    this.#sockets = sockets;
    this.#onClosed = sockets.open(() => this.#destroy());
    if (accepted !== undefined) this.#establish(accepted.socket);
  }

  /** Tells which kind of addresses the socket is for. */
  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  /** Tells whether the socket is listening. */
  isListening(): boolean {
    return this.#state.tag === "listening";
  }

  /** Makes a pollable that is ready when the next `finish-*` or `accept` has something to say. */
  subscribe(): Pollable {
    return new ReadinessPollable(this.#changed, this.#sockets.guest.signal);
  }

  /**
   * Begins to bind the socket.
   *
   * @param _network The only network there is.
   * @param address The local address.
   * @throws `invalid-argument`, `invalid-state`, `concurrency-conflict`, `access-denied`
   */
  startBind(_network: Network, address: IpSocketAddress): void {
    this.#assertIdle();
    if (this.#state.tag !== "unbound") fail("invalid-state");
    this.#assertUsable(address);
    const local = toEndpoint(address);
    requireInbound(this.#sockets, { protocol: "tcp", ...local });
    const options = { sockets: this.#sockets, signal: this.#end.signal };
    const operation = this.#begin(TcpListener.open(local, options));
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
    this.#state = { tag: "bound", listener: bindResult(operation) };
  }

  /**
   * Begins to connect the socket.
   *
   * @param _network The only network there is.
   * @param address The remote address.
   * @throws `invalid-argument`, `invalid-state`, `concurrency-conflict`, `access-denied`
   */
  startConnect(_network: Network, address: IpSocketAddress): void {
    this.#assertIdle();
    const state = this.#state;
    if (state.tag !== "unbound" && state.tag !== "bound") fail("invalid-state");
    this.#assertUsable(address);
    if (isUnspecified(address) || address.val.port === 0) fail("invalid-argument");
    const remote = toEndpoint(address);
    const target = { protocol: "tcp", ...remote } as const;
    const { name } = requireRoute(this.#sockets, target);
    if (!isPermitted({ host: name ?? remote.host, port: remote.port })) {
      denyRemote(this.#sockets, target, "Deno's permissions do not cover it");
    }
    const listener = state.tag === "bound" ? state.listener : undefined;
    const operation = this.#begin(this.#connect({ remote, name, listener }));
    this.#state = { tag: "connecting", operation };
  }

  /**
   * Ends {@linkcode startConnect}. After a failure the socket is of no use any more.
   *
   * @returns The streams of the connection.
   * @throws `not-in-progress`, `would-block`, or why there is no connection
   */
  finishConnect(): [InputStream, OutputStream] {
    if (this.#state.tag !== "connecting") fail("not-in-progress");
    const { operation } = this.#state;
    if (operation.isSettled) this.#state = { tag: "closed" };
    return this.#streamsOf(this.#establish(operation.finish()));
  }

  /**
   * Begins to listen.
   *
   * @throws `invalid-state`, `concurrency-conflict`
   */
  startListen(): void {
    this.#assertIdle();
    if (this.#state.tag !== "bound") fail("invalid-state");
    this.#state = { tag: "starting-to-listen", listener: this.#state.listener };
    this.#changed.changed();
  }

  /**
   * Ends {@linkcode startListen}.
   *
   * @throws `not-in-progress`
   */
  finishListen(): void {
    if (this.#state.tag !== "starting-to-listen") fail("not-in-progress");
    const { listener } = this.#state;
    this.#state = { tag: "listening", listener };
    listener.setBacklog(this.#backlog);
    this.#awaitConnection(listener);
  }

  /**
   * Takes the connection that has waited longest.
   *
   * @returns A socket for it, and its streams.
   * @throws `invalid-state`, `would-block`, `new-socket-limit`
   */
  accept(): [TcpSocket, InputStream, OutputStream] {
    if (this.#state.tag !== "listening") fail("invalid-state");
    const { listener } = this.#state;
    const socket = listener.accept();
    if (socket === undefined) fail("would-block");
    const { settings } = this;
    const accepted = new TcpSocket(this.#family, this.#sockets, { socket, settings });
    this.#awaitConnection(listener);
    const { connection } = accepted.#connected();
    return [accepted, ...this.#streamsOf(connection)];
  }

  /**
   * Tells where the socket is bound.
   *
   * @throws `invalid-state`, `concurrency-conflict`
   */
  localAddress(): IpSocketAddress {
    const state = this.#state;
    if (state.tag === "binding" || state.tag === "connecting") fail("concurrency-conflict");
    if (state.tag === "connected") return toIpSocketAddress(state.connection.local);
    if (!("listener" in state)) fail("invalid-state");
    return toIpSocketAddress(state.listener.local);
  }

  /**
   * Tells where the socket is connected to.
   *
   * @throws `invalid-state`, `concurrency-conflict`
   */
  remoteAddress(): IpSocketAddress {
    return toIpSocketAddress(this.#connected().connection.remote);
  }

  /**
   * Bounds how many connections wait to be accepted; at most 128.
   *
   * @throws `invalid-argument`, `invalid-state`
   */
  setListenBacklogSize(value: bigint): void {
    if (value === 0n) fail("invalid-argument");
    const state = this.#state;
    if (["connecting", "connected", "closed"].includes(state.tag)) fail("invalid-state");
    this.#backlog = value < BigInt(MOST_BACKLOG) ? Number(value) : MOST_BACKLOG;
    if (state.tag === "listening") state.listener.setBacklog(this.#backlog);
  }

  /**
   * Ends one or both directions of the connection.
   *
   * @throws `invalid-state`, `concurrency-conflict`
   */
  shutdown(how: ShutdownType): void {
    this.#connected().connection.shutdown(how);
  }

  /** Closes the socket; a connection stays open until its streams are dropped too. */
  [Symbol.dispose](): void {
    if (this.#state.tag === "connected") this.#state.connection.release("socket");
    else this.#destroy();
  }

  /** Sets on the connection what can be set. */
  protected override onSettings(): void {
    if (this.#state.tag !== "connected") return;
    const { keepAlive, idleTime } = this.settings;
    this.#state.connection.keepAlive(keepAlive, Number(idleTime / 1_000_000n));
  }

  async #connect(
    { listener, ...target }: {
      readonly remote: Endpoint;
      readonly name: string | undefined;
      readonly listener: TcpListener | undefined;
    },
  ): Promise<Socket> {
    await listener?.close();
    return await connectTcp({ ...target, local: listener?.local, signal: this.#end.signal });
  }

  #begin<T>(promise: Promise<T>): Operation<T> {
    return new Operation(promise, () => this.#changed.changed());
  }

  #establish(socket: Socket): TcpConnection {
    const connection = new TcpConnection(socket, this.#onClosed);
    this.#state = { tag: "connected", connection };
    if (this.settings.keepAlive) this.onSettings();
    return connection;
  }

  #streamsOf({ source, sink }: TcpConnection): [InputStream, OutputStream] {
    const { signal } = this.#sockets.guest;
    return [new InputStream(source, { signal }), new OutputStream(sink, { signal })];
  }

  #awaitConnection(listener: TcpListener): void {
    listener.acceptable.whenReady(() => this.#changed.changed());
  }

  #connected(): { readonly connection: TcpConnection } {
    if (this.#state.tag === "connecting") fail("concurrency-conflict");
    if (this.#state.tag !== "connected") fail("invalid-state");
    return this.#state;
  }

  #assertIdle(): void {
    if (["binding", "connecting", "starting-to-listen"].includes(this.#state.tag)) {
      fail("concurrency-conflict");
    }
  }

  #assertUsable(address: IpSocketAddress): void {
    if (address.tag !== this.#family || !isUnicast(address) || isMapped(address)) {
      fail("invalid-argument");
    }
  }

  #isReady(): boolean {
    const state = this.#state;
    if ("operation" in state) return state.operation.isSettled;
    return state.tag !== "listening" || state.listener.acceptable.ready();
  }

  #destroy(): void {
    const state = this.#state;
    this.#end.abort();
    if ("listener" in state) state.listener.close();
    if (state.tag === "connected") state.connection.destroy();
    this.#state = { tag: "closed" };
    this.#onClosed();
    this.#changed.changed();
  }
}

/** What a system says of an address that is not one of its own differs, also between the APIs. */
function bindResult(operation: Operation<TcpListener>): TcpListener {
  try {
    return operation.finish();
  } catch (code) {
    throw code === "invalid-argument" ? "address-not-bindable" : code;
  }
}

function fail(code: SocketErrorCode): never {
  throw code;
}
