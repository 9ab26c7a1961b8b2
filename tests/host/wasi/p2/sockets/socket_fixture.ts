import assert from "node:assert/strict";
import type { Denial } from "../../../../../src/policy/denial.ts";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import type { InputStream } from "../../../../../src/host/wasi/p2/io/input_stream.ts";
import type { OutputStream } from "../../../../../src/host/wasi/p2/io/output_stream.ts";
import type { Pollable } from "../../../../../src/host/wasi/p2/io/pollable.ts";
import { InstanceSockets } from "../../../../../src/host/wasi/p2/sockets/instance_sockets.ts";
import {
  type IpSocketAddress,
  toIpSocketAddress,
} from "../../../../../src/host/wasi/p2/sockets/ip_address.ts";
import { Network } from "../../../../../src/host/wasi/p2/sockets/network.ts";
import { TcpSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_socket.ts";
import { guestContext } from "../../../guest_context.ts";

/** The network that every socket is attached to. */
export const NETWORK = new Network();

/** One guest's sockets, and what it was denied. Disposing it ends the instance. */
export interface SocketFixture extends AsyncDisposable {
  readonly sockets: InstanceSockets;
  readonly denials: readonly Denial[];
  /** Ends the instance. */
  end(): void;
}

/** Makes an instance with what a test grants. */
export function socketFixture(
  granted: { readonly outbound?: readonly string[]; readonly inbound?: readonly string[] },
): SocketFixture {
  const controller = new AbortController();
  const denials: Denial[] = [];
  const sockets = new InstanceSockets(guestContext({
    allowedHosts: AllowedHosts.parse(granted.outbound ?? []),
    allowedInbound: AllowedInbound.parse(granted.inbound ?? []),
    onDenied: (denial) => denials.push(denial),
    signal: controller.signal,
  }));
  return {
    sockets,
    denials,
    end: () => controller.abort(),
    async [Symbol.asyncDispose]() {
      controller.abort();
      // What was closed is gone a few turns of the event loop later.
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    },
  };
}

/** Waits for the next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A guest's form of an address. */
export function at(host: string, port: number): IpSocketAddress {
  return toIpSocketAddress({ host, port });
}

/** Calls until the result is not `would-block`, and waits for the pollable meanwhile. */
export async function finish<T>(pollable: Pollable, call: () => T): Promise<T> {
  while (true) {
    try {
      return call();
    } catch (error) {
      if (error !== "would-block") throw error;
      assert.equal(pollable.ready(), false, "a ready pollable, but the call would block");
    }
    await pollable.block();
  }
}

/** A connected socket and its streams. */
export interface Connected {
  readonly socket: TcpSocket;
  readonly input: InputStream;
  readonly output: OutputStream;
}

/** Connects a new socket. */
export async function connect(
  sockets: InstanceSockets,
  remote: IpSocketAddress,
): Promise<Connected> {
  const socket = new TcpSocket(remote.tag, sockets);
  socket.startConnect(NETWORK, remote);
  const [input, output] = await finish(socket.subscribe(), () => socket.finishConnect());
  return { socket, input, output };
}

/** Makes a socket that listens. */
export async function listen(
  sockets: InstanceSockets,
  local: IpSocketAddress,
): Promise<TcpSocket> {
  const socket = new TcpSocket(local.tag, sockets);
  socket.startBind(NETWORK, local);
  await finish(socket.subscribe(), () => socket.finishBind());
  socket.startListen();
  socket.finishListen();
  return socket;
}

/** Reads until there are so many bytes, or the end. */
export async function readText(input: InputStream, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    try {
      text += new TextDecoder().decode(await input.blockingRead(BigInt(length - text.length)));
    } catch (error) {
      assert.deepEqual(error, { tag: "closed" });
      break;
    }
  }
  return text;
}

/** Writes and waits until it is out. */
export async function writeText(output: OutputStream, text: string): Promise<void> {
  await output.blockingWriteAndFlush(new TextEncoder().encode(text));
}

/** A TCP server of the test's own, on a free port, whose connections the test handles. */
export interface Peer extends AsyncDisposable {
  readonly port: number;
  /** Every connection that has come, in order. */
  next(): Promise<Deno.TcpConn>;
}

/** Starts a server. */
export function peer(hostname = "127.0.0.1"): Peer {
  const listener = Deno.listen({ hostname, port: 0 });
  const accepted: Deno.TcpConn[] = [];
  return {
    port: listener.addr.port,
    async next() {
      const connection = await listener.accept();
      accepted.push(connection);
      return connection;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of accepted) {
        try {
          connection.close();
        } catch (error) {
          if (!(error instanceof Deno.errors.BadResource)) throw error;
        }
      }
      await nextTurn();
    },
  };
}
