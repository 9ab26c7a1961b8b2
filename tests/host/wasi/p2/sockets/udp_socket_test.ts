import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import {
  MOST_SOCKETS,
  MOST_UNSENT_DATAGRAMS,
  MOST_WAITING_DATAGRAMS,
} from "../../../../../src/host/wasi/p2/sockets/bounds.ts";
import type { IncomingDatagramStream } from "../../../../../src/host/wasi/p2/sockets/incoming_datagram_stream.ts";
import type { InstanceSockets } from "../../../../../src/host/wasi/p2/sockets/instance_sockets.ts";
import type { IpSocketAddress } from "../../../../../src/host/wasi/p2/sockets/ip_address.ts";
import type { OutgoingDatagramStream } from "../../../../../src/host/wasi/p2/sockets/outgoing_datagram_stream.ts";
import { UdpSocket } from "../../../../../src/host/wasi/p2/sockets/udp_socket.ts";
import { thrown } from "../../../thrown.ts";
import { at, finish, NETWORK, nextTurn, socketFixture } from "./socket_fixture.ts";

const ANY = { inbound: ["udp://*:*"], outbound: ["udp://127.0.0.1:*", "udp://[::1]:*"] };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function bind(sockets: InstanceSockets, local: IpSocketAddress): Promise<UdpSocket> {
  const socket = new UdpSocket(local.tag, sockets);
  socket.startBind(NETWORK, local);
  await finish(socket.subscribe(), () => socket.finishBind());
  return socket;
}

function send(
  output: OutgoingDatagramStream,
  content: string,
  remoteAddress?: IpSocketAddress,
): bigint {
  output.checkSend();
  return output.send([{ data: bytes(content), remoteAddress }]);
}

async function receive(input: IncomingDatagramStream): Promise<[string, IpSocketAddress]> {
  await input.subscribe().block();
  const [datagram] = input.receive(1n);
  assert(datagram !== undefined);
  return [text(datagram.data), datagram.remoteAddress];
}

/** A UDP port of the test's own, which sends back what it gets. */
interface Echo extends AsyncDisposable {
  readonly port: number;
  /** Sends a datagram to a port of the same address. */
  send(content: string, port: number): Promise<void>;
}

async function echo(host = "127.0.0.1"): Promise<Echo> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", (data, { address, port }) => socket.send(data, port, address));
  await new Promise<void>((resolve) => socket.bind({ address: host, port: 0 }, resolve));
  return {
    port: socket.address().port,
    send: (content, port) =>
      new Promise((resolve) => socket.send(content, port, host, () => resolve())),
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

for (const [host, unspecified] of [["127.0.0.1", "0.0.0.0"], ["::1", "::"]] as const) {
  Deno.test(`UdpSocket sends to and receives from ${host}`, async () => {
    await using fixture = socketFixture({ outbound: ANY.outbound });
    await using server = await echo(host);
    const socket = await bind(fixture.sockets, at(unspecified, 0));
    const [input, output] = socket.stream(undefined);
    assert.equal(input.subscribe().ready(), false);
    assert.deepEqual(input.receive(5n), []);
    assert.equal(send(output, "hello", at(host, server.port)), 1n);
    assert.deepEqual(await receive(input), ["hello", at(host, server.port)]);
    assert.equal(socket.addressFamily(), host === "::1" ? "ipv6" : "ipv4");
    assert(socket.localAddress().val.port > 0);
  });
}

Deno.test("UdpSocket serves what it was granted to listen on", async () => {
  await using fixture = socketFixture(ANY);
  await using client = await echo();
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [input, output] = socket.stream(undefined);
  await client.send("question", socket.localAddress().val.port);
  const [content, from] = await receive(input);
  assert.equal(content, "question");
  assert.deepEqual(from, at("127.0.0.1", client.port));
  assert.equal(send(output, "answer", from), 1n);
  assert.deepEqual(await receive(input), ["answer", from]);
});

Deno.test("UdpSocket.stream() with a peer sends to and receives from that peer only", async () => {
  await using fixture = socketFixture(ANY);
  await using friend = await echo();
  await using other = await echo();
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const { port } = socket.localAddress().val;
  await other.send("before", port);
  const [all] = socket.stream(undefined);
  await all.subscribe().block();

  const remote = at("127.0.0.1", friend.port);
  const [input, output] = socket.stream(remote);
  assert.deepEqual(socket.remoteAddress(), remote);
  await other.send("after", port);
  await friend.send("kept", port);
  assert.deepEqual(await receive(input), ["kept", remote]);
  assert.deepEqual(input.receive(10n), []);
  assert.equal(send(output, "x"), 1n);
  assert.equal(send(output, "y", remote), 1n);
  const elsewhere = at("127.0.0.1", other.port);
  assert.equal(thrown(() => send(output, "z", elsewhere)), "invalid-argument");
});

Deno.test("UdpSocket.stream() ends the streams of an earlier call", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [input, output] = socket.stream(at("127.0.0.1", 9));
  socket.stream(undefined);
  assert.equal(thrown(() => socket.remoteAddress()), "invalid-state");
  assert.equal(thrown(() => input.receive(1n)), "invalid-state");
  assert.equal(thrown(() => output.checkSend()), "invalid-state");
});

Deno.test("UdpSocket streams are of no use once it is dropped", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [input, output] = socket.stream(undefined);
  socket[Symbol.dispose]();
  assert.equal(thrown(() => input.receive(1n)), "invalid-state");
  assert.equal(thrown(() => output.checkSend()), "invalid-state");
});

/** What a socket answers before it is bound. */
const UNBOUND: readonly [string, (socket: UdpSocket) => unknown][] = [
  ["not-in-progress", (socket) => socket.finishBind()],
  ["invalid-state", (socket) => socket.stream(undefined)],
  ["invalid-state", (socket) => socket.localAddress()],
  ["invalid-state", (socket) => socket.remoteAddress()],
];

/** What one answers while it binds. */
const BINDING: typeof UNBOUND = [
  ["would-block", (socket) => socket.finishBind()],
  ["concurrency-conflict", (socket) => socket.startBind(NETWORK, at("127.0.0.1", 0))],
  ["concurrency-conflict", (socket) => socket.localAddress()],
  ["invalid-state", (socket) => socket.stream(undefined)],
];

/** What one answers that is bound. */
const BOUND: typeof UNBOUND = [
  ["not-in-progress", (socket) => socket.finishBind()],
  ["invalid-state", (socket) => socket.startBind(NETWORK, at("127.0.0.1", 0))],
  ["invalid-argument", (socket) => socket.stream(at("::1", 80))],
  ["invalid-argument", (socket) => socket.stream(at("0.0.0.0", 80))],
  ["invalid-argument", (socket) => socket.stream(at("127.0.0.1", 0))],
];

Deno.test("UdpSocket answers in each state what the WIT text says", async () => {
  await using fixture = socketFixture(ANY);
  const socket = new UdpSocket("ipv4", fixture.sockets);
  const answer = (answers: typeof UNBOUND) => {
    for (const [code, run] of answers) assert.equal(thrown(() => run(socket)), code, `${run}`);
  };
  answer(UNBOUND);
  assert(socket.subscribe().ready());
  socket.startBind(NETWORK, at("127.0.0.1", 0));
  assert.equal(socket.subscribe().ready(), false);
  answer(BINDING);
  await finish(socket.subscribe(), () => socket.finishBind());
  answer(BOUND);
});

Deno.test("UdpSocket.finishBind() says why, and may be tried again", async () => {
  await using fixture = socketFixture(ANY);
  await using taken = await echo();
  const socket = new UdpSocket("ipv4", fixture.sockets);
  const attempts: [string, number, string][] = [
    ["127.0.0.1", taken.port, "address-in-use"],
    ["192.0.2.1", 0, "address-not-bindable"],
  ];
  for (const [host, port, code] of attempts) {
    socket.startBind(NETWORK, at(host, port));
    await socket.subscribe().block();
    assert.equal(thrown(() => socket.finishBind()), code);
  }
  socket.startBind(NETWORK, at("127.0.0.1", 0));
  await finish(socket.subscribe(), () => socket.finishBind());
});

Deno.test("UdpSocket.startBind() refuses addresses of the other family", async () => {
  await using fixture = socketFixture(ANY);
  const socket = new UdpSocket("ipv6", fixture.sockets);
  assert.equal(thrown(() => socket.startBind(NETWORK, at("127.0.0.1", 0))), "invalid-argument");
});

/** Destination, what comes of it; 127.0.0.1 is granted. */
const DESTINATIONS: readonly [IpSocketAddress | undefined, string][] = [
  [undefined, "invalid-argument"],
  [at("::1", 80), "invalid-argument"],
  [at("0.0.0.0", 80), "invalid-argument"],
  [at("127.0.0.1", 0), "invalid-argument"],
  [at("127.0.0.2", 80), "access-denied"],
  [at("255.255.255.255", 80), "access-denied"],
  [at("224.0.0.251", 5353), "access-denied"],
];

Deno.test("OutgoingDatagramStream.send() checks where each datagram goes", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [, output] = socket.stream(undefined);
  for (const [remote, code] of DESTINATIONS) {
    assert.equal(thrown(() => send(output, "x", remote)), code, Deno.inspect(remote));
  }
  assert.equal(thrown(() => socket.stream(at("127.0.0.2", 80))), "access-denied");
  assert.deepEqual(fixture.denials[0], {
    target: "send to udp://127.0.0.2:80",
    grant: 'allowed_outbound_hosts = ["udp://127.0.0.2:80"]',
  });
});

Deno.test("OutgoingDatagramStream.send() stops at the first datagram that cannot be sent", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [, output] = socket.stream(undefined);
  output.checkSend();
  const data = bytes("x");
  const good = { data, remoteAddress: at("127.0.0.1", 9) };
  const bad = { data, remoteAddress: at("127.0.0.2", 9) };
  assert.equal(output.send([good, good, bad, good]), 2n);
  output.checkSend();
  assert.equal(output.send([]), 0n);
});

Deno.test("OutgoingDatagramStream.send() refuses what no datagram has room for", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [, output] = socket.stream(at("127.0.0.1", 9));
  output.checkSend();
  const error = thrown(() => output.send([{ data: new Uint8Array(65_508) }]));
  assert.equal(error, "datagram-too-large");
});

Deno.test("OutgoingDatagramStream.send() traps when check-send did not permit it", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [, output] = socket.stream(at("127.0.0.1", 9));
  const datagram = { data: bytes("x") };
  assert(thrown(() => output.send([datagram])) instanceof WebAssembly.RuntimeError);
  const permitted = Number(output.checkSend());
  const tooMany = new Array(permitted + 1).fill(datagram);
  assert(thrown(() => output.send(tooMany)) instanceof WebAssembly.RuntimeError);
  assert.equal(output.send([datagram]), 1n);
  assert(thrown(() => output.send([datagram])) instanceof WebAssembly.RuntimeError);
});

Deno.test("OutgoingDatagramStream permits nothing until the system has taken what was sent", async () => {
  await using fixture = socketFixture(ANY);
  await using server = await echo();
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [, output] = socket.stream(at("127.0.0.1", server.port));
  assert.equal(output.checkSend(), BigInt(MOST_UNSENT_DATAGRAMS));
  const datagrams = new Array(MOST_UNSENT_DATAGRAMS).fill({ data: bytes("x") });
  assert.equal(output.send(datagrams), BigInt(MOST_UNSENT_DATAGRAMS));
  const pollable = output.subscribe();
  assert.equal(output.checkSend(), 0n);
  assert.equal(pollable.ready(), false);
  await pollable.block();
  assert(output.checkSend() > 0n);
});

Deno.test("UdpSocket drops the datagrams that are too many to wait", async () => {
  await using fixture = socketFixture(ANY);
  await using client = await echo();
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const { port } = socket.localAddress().val;
  const [input] = socket.stream(undefined);
  for (let n = 0; n < MOST_WAITING_DATAGRAMS + 50; n += 1) {
    await client.send(String(n), port);
    if (n % 10 === 9) await nextTurn();
  }
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  const received = input.receive(2n ** 64n - 1n).map(({ data }) => text(data));
  assert.equal(received.length, MOST_WAITING_DATAGRAMS);
  assert.deepEqual(received.slice(0, 2), ["0", "1"]);
  await client.send("again", port);
  assert.equal((await receive(input))[0], "again");
});

Deno.test("IncomingDatagramStream.receive() gives at most as many as were asked for", async () => {
  await using fixture = socketFixture(ANY);
  await using client = await echo();
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const { port } = socket.localAddress().val;
  const [input] = socket.stream(undefined);
  for (const content of ["a", "b", "c"]) await client.send(content, port);
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  assert.deepEqual(input.receive(0n), []);
  assert.equal(input.receive(2n).length, 2);
  assert.equal(input.receive(2n).length, 1);
});

Deno.test("a UdpSocket that was not granted to listen hears only hosts that it may send to", async () => {
  await using stranger = await echo("127.0.0.2");
  await using friend = await echo("127.0.0.1");
  await using fixture = socketFixture({ outbound: [`udp://127.0.0.1:${friend.port}`] });
  const socket = await bind(fixture.sockets, at("0.0.0.0", 0));
  const { port } = socket.localAddress().val;
  const [input] = socket.stream(undefined);
  await stranger.send("stranger", port);
  await friend.send("friend", port);
  await input.subscribe().block();
  const received = input.receive(10n).map(({ data }) => text(data));
  assert.deepEqual(received, ["friend"]);
});

Deno.test("UdpSocket.startBind() wants an entry of allowed_inbound, but not of a client", async () => {
  await using fixture = socketFixture({ outbound: ["udp://127.0.0.1:9"] });
  for (const [host, port] of [["127.0.0.1", 0], ["0.0.0.0", 5353], ["::1", 0]] as const) {
    const address = at(host, port);
    const socket = new UdpSocket(address.tag, fixture.sockets);
    assert.equal(thrown(() => socket.startBind(NETWORK, address)), "access-denied");
  }
  assert.deepEqual(fixture.denials.map(({ grant }) => grant), [
    'allowed_inbound = ["udp://127.0.0.1:*"]',
    'allowed_inbound = ["udp://0.0.0.0:5353"]',
    'allowed_inbound = ["udp://[::1]:*"]',
  ]);
  await bind(fixture.sockets, at("0.0.0.0", 0));
});

Deno.test("UdpSocket keeps its options, before and after it is bound", async () => {
  await using fixture = socketFixture(ANY);
  for (const host of ["127.0.0.1", "::1"]) {
    const address = at(host, 0);
    const socket = new UdpSocket(address.tag, fixture.sockets);
    assert.equal(socket.unicastHopLimit(), 64);
    socket.setUnicastHopLimit(10);
    socket.setReceiveBufferSize(1n);
    socket.startBind(NETWORK, address);
    await finish(socket.subscribe(), () => socket.finishBind());
    socket.setUnicastHopLimit(20);
    socket.setSendBufferSize(2n ** 64n - 1n);
    assert.equal(socket.unicastHopLimit(), 20);
    assert.equal(socket.receiveBufferSize(), 4_096n);
    assert.equal(socket.sendBufferSize(), 1_048_576n);
    const senseless = [
      () => socket.setUnicastHopLimit(0),
      () => socket.setReceiveBufferSize(0n),
      () => socket.setSendBufferSize(0n),
    ];
    for (const run of senseless) assert.equal(thrown(run), "invalid-argument");
  }
});

Deno.test("UdpSocket frees its port when it is dropped, in whatever state", async () => {
  await using fixture = socketFixture(ANY);
  const states: readonly ((socket: UdpSocket) => Promise<unknown>)[] = [
    async () => {},
    async (socket) => await socket.subscribe().block(),
    async (socket) => await finish(socket.subscribe(), () => socket.finishBind()),
  ];
  for (const reach of states) {
    const { port } = await (async () => {
      await using server = await echo();
      return server;
    })();
    const socket = new UdpSocket("ipv4", fixture.sockets);
    socket.startBind(NETWORK, at("127.0.0.1", port));
    await reach(socket);
    socket[Symbol.dispose]();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    const again = new UdpSocket("ipv4", fixture.sockets);
    again.startBind(NETWORK, at("127.0.0.1", port));
    await finish(again.subscribe(), () => again.finishBind());
  }
});

Deno.test("UdpSocket counts as an open socket of the instance", async () => {
  await using fixture = socketFixture(ANY);
  for (let n = 0; n < MOST_SOCKETS; n += 1) new UdpSocket("ipv4", fixture.sockets);
  assert.equal(thrown(() => new UdpSocket("ipv4", fixture.sockets)), "new-socket-limit");
});

Deno.test("the end of an instance rejects the waits for datagrams", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await bind(fixture.sockets, at("127.0.0.1", 0));
  const [input] = socket.stream(undefined);
  const wait = input.subscribe().block();
  fixture.end();
  await assert.rejects(async () => await wait, { name: "AbortError" });
});
