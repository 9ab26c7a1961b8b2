import { connectTcp } from "../../../../../src/host/wasi/p2/sockets/connect_tcp.ts";
import type { InstanceSockets } from "../../../../../src/host/wasi/p2/sockets/instance_sockets.ts";
import { ipNameLookup } from "../../../../../src/host/wasi/p2/sockets/ip_name_lookup.ts";
import type {
  IpAddressFamily,
  IpSocketAddress,
} from "../../../../../src/host/wasi/p2/sockets/ip_address.ts";
import { Network } from "../../../../../src/host/wasi/p2/sockets/network.ts";
import type { ResolveAddressStream } from "../../../../../src/host/wasi/p2/sockets/resolve_address_stream.ts";
import { socketErrorCode } from "../../../../../src/host/wasi/p2/sockets/socket_error.ts";
import { TcpSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_socket.ts";
import { UdpSocket } from "../../../../../src/host/wasi/p2/sockets/udp_socket.ts";

/** Something that a guest tries, as data, so that it can be sent to a worker. */
export type SocketAttempt =
  | { readonly action: "connect" | "listen" | "send" | "receive"; readonly to: IpSocketAddress }
  | { readonly action: "look up"; readonly name: string }
  /** Not a guest's doing: the host's own way to an address of a name. */
  | { readonly action: "connect by name"; readonly name: string; readonly to: IpSocketAddress };

const NETWORK = new Network();
const ANY = { ipv4: address("ipv4", [0, 0, 0, 0], 0), ipv6: address("ipv6", zeros(8), 0) };

/** Makes a guest's address of numbers: `127.0.0.1`, or `0:0:0:0:0:ffff:7f00:1`. */
export function rawAddress(text: string, port: number): IpSocketAddress {
  const parts = text.split(/[.:]/);
  return text.includes(":")
    ? address("ipv6", parts.map((group) => parseInt(group, 16)), port)
    : address("ipv4", parts.map(Number), port);
}

/** Makes an attempt as a guest does, and gives `ok` or the error code. */
export async function attemptSocket(
  sockets: InstanceSockets,
  attempt: SocketAttempt,
): Promise<string> {
  try {
    await ACTIONS[attempt.action](sockets, attempt);
    return "ok";
  } catch (error) {
    return typeof error === "string" ? error : socketErrorCode(error);
  }
}

type Action = (sockets: InstanceSockets, attempt: SocketAttempt) => Promise<void>;

const ACTIONS: Readonly<Record<SocketAttempt["action"], Action>> = {
  async "connect"(sockets, attempt) {
    const to = destination(attempt);
    using socket = new TcpSocket(to.tag, sockets);
    socket.startConnect(NETWORK, to);
    await socket.subscribe().block();
    for (const stream of socket.finishConnect()) stream[Symbol.dispose]();
  },
  async "listen"(sockets, attempt) {
    const to = destination(attempt);
    using socket = new TcpSocket(to.tag, sockets);
    socket.startBind(NETWORK, to);
    await socket.subscribe().block();
    socket.finishBind();
  },
  async "send"(sockets, attempt) {
    const to = destination(attempt);
    using socket = await boundUdp(sockets, ANY[to.tag]);
    const [, output] = socket.stream(undefined);
    output.checkSend();
    output.send([{ data: new Uint8Array(4), remoteAddress: to }]);
    await output.subscribe().block();
    output.checkSend();
  },
  async "receive"(sockets, attempt) {
    using _socket = await boundUdp(sockets, destination(attempt));
  },
  async "look up"({ guest }, attempt) {
    if (attempt.action !== "look up") throw new TypeError("Not a lookup");
    const lookup = ipNameLookup.create(guest).resolveAddresses;
    const stream: ResolveAddressStream = lookup?.(NETWORK, attempt.name);
    await stream.subscribe().block();
    stream.resolveNextAddress();
  },
  async "connect by name"({ guest }, attempt) {
    if (attempt.action !== "connect by name") throw new TypeError("Not a name");
    const { address: host, port } = { ...attempt.to.val };
    const remote = { host: host.join("."), port };
    const { name } = attempt;
    const socket = await connectTcp({ remote, name, local: undefined, signal: guest.signal });
    socket.destroy();
  },
};

async function boundUdp(sockets: InstanceSockets, local: IpSocketAddress): Promise<UdpSocket> {
  const socket = new UdpSocket(local.tag, sockets);
  socket.startBind(NETWORK, local);
  await socket.subscribe().block();
  socket.finishBind();
  return socket;
}

function destination(attempt: SocketAttempt): IpSocketAddress {
  if (attempt.action === "look up") throw new TypeError("A lookup goes to no address");
  return attempt.to;
}

function address(tag: IpAddressFamily, numbers: readonly number[], port: number): IpSocketAddress {
  return tag === "ipv4"
    ? { tag, val: { port, address: numbers } }
    : { tag, val: { port, flowInfo: 0, address: numbers, scopeId: 0 } };
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
