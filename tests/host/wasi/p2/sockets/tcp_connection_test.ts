import assert from "node:assert/strict";
import { createServer } from "node:net";
import { MOST_SOCKETS, SEND_BUFFER } from "../../../../../src/host/wasi/p2/sockets/bounds.ts";
import { network } from "../../../../../src/host/wasi/p2/sockets/network.ts";
import { TcpSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_socket.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import {
  at,
  connect,
  finish,
  NETWORK,
  nextTurn,
  peer,
  readText,
  socketFixture,
  writeText,
} from "./socket_fixture.ts";

const LOOPBACK = { outbound: ["tcp://127.0.0.1:*", "tcp://[::1]:*"] };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

for (const host of ["127.0.0.1", "::1"]) {
  Deno.test(`TcpSocket sends to and receives from ${host}`, async () => {
    await using fixture = socketFixture(LOOPBACK);
    await using server = peer(host);
    const { socket, input, output } = await connect(fixture.sockets, at(host, server.port));
    const connection = await server.next();
    const buffer = new Uint8Array(100);

    await writeText(output, "to the server");
    assert.equal(text(buffer.subarray(0, await connection.read(buffer) ?? 0)), "to the server");
    await connection.write(new TextEncoder().encode("to the guest"));
    assert.equal(await readText(input, 12), "to the guest");

    assert.deepEqual(socket.remoteAddress(), at(host, server.port));
    assert.deepEqual(socket.localAddress(), at(host, connection.remoteAddr.port));
    assert.equal(socket.isListening(), false);
    assert.equal(socket.addressFamily(), host === "::1" ? "ipv6" : "ipv4");
  });
}

Deno.test("TcpSocket.startConnect() would block until the pollable is ready", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const socket = new TcpSocket("ipv4", fixture.sockets);
  assert(socket.subscribe().ready());
  socket.startConnect(NETWORK, at("127.0.0.1", server.port));
  assert.equal(socket.subscribe().ready(), false);
  assert.equal(thrown(() => socket.finishConnect()), "would-block");
  await socket.subscribe().block();
  assert.equal(socket.finishConnect().length, 2);
});

Deno.test("InputStream.read() gives nothing while a connection is silent", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { input } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  const pollable = input.subscribe();
  assert.equal(pollable.ready(), false);
  assert.equal(input.read(10n).length, 0);
  await connection.write(new TextEncoder().encode("x"));
  await pollable.block();
  assert.equal(text(input.read(10n)), "x");
});

Deno.test("a connection whose peer ends its half can still send", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  await connection.write(new TextEncoder().encode("last"));
  await connection.closeWrite();

  assert.equal(await readText(input, 100), "last");
  await writeText(output, "still here");
  const buffer = new Uint8Array(100);
  assert.equal(text(buffer.subarray(0, await connection.read(buffer) ?? 0)), "still here");
});

Deno.test("a connection whose peer has left before finish-connect ends at once", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const socket = new TcpSocket("ipv4", fixture.sockets);
  socket.startConnect(NETWORK, at("127.0.0.1", server.port));
  await socket.subscribe().block();
  (await server.next()).close();
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  const [input] = socket.finishConnect();
  assert(input.subscribe().ready());
  assert.deepEqual(thrown(() => input.read(1n)), { tag: "closed" });
});

Deno.test("TcpSocket.shutdown() of sending ends the guest's half only", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  output.checkWrite();
  output.write(new TextEncoder().encode("all"));
  socket.shutdown("send");
  socket.shutdown("send");

  assert.equal(await new Response(connection.readable).text(), "all");
  assert(output.subscribe().ready());
  assert.deepEqual(thrown(() => output.checkWrite()), { tag: "closed" });
  assert.equal(input.read(1n).length, 0);
});

Deno.test("a connection receives after TcpSocket.shutdown() of sending", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  socket.shutdown("send");
  assert.equal(await connection.read(new Uint8Array(1)), null);
  await connection.write(new TextEncoder().encode("answer"));
  assert.equal(await readText(input, 6), "answer");
});

Deno.test("TcpSocket.shutdown() of receiving ends the input and drops what was received", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  await connection.write(new TextEncoder().encode("dropped"));
  await input.subscribe().block();
  socket.shutdown("receive");

  assert(input.subscribe().ready());
  assert.deepEqual(thrown(() => input.read(1n)), { tag: "closed" });
  await writeText(output, "sent");
  const buffer = new Uint8Array(100);
  assert.equal(text(buffer.subarray(0, await connection.read(buffer) ?? 0)), "sent");
});

Deno.test("TcpSocket.shutdown() of both ends both streams and leaves the socket open", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  socket.shutdown("both");
  assert.deepEqual(thrown(() => input.read(1n)), { tag: "closed" });
  assert.deepEqual(thrown(() => output.checkWrite()), { tag: "closed" });
  assert.deepEqual(socket.remoteAddress(), at("127.0.0.1", server.port));
  assert.equal(await connection.read(new Uint8Array(1)), null);
});

Deno.test("a connection takes no more than its buffer while its peer does not read", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  let written = 0;
  // What the system's buffers take comes on top, so it is some megabytes.
  for (let room = output.checkWrite(); room > 0n && written < 100e6; room = output.checkWrite()) {
    assert(room <= BigInt(SEND_BUFFER));
    output.write(new Uint8Array(Number(room)));
    written += Number(room);
  }
  assert(written < 100e6, `${written}`);
  const pollable = output.subscribe();
  assert.equal(pollable.ready(), false);

  let received = 0;
  for await (const chunk of connection.readable) {
    received += chunk.length;
    if (received === written) break;
  }
  await pollable.block();
  assert(output.checkWrite() > 0n);
});

Deno.test("a connection reads no more than its buffer ahead of the guest", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  const total = 32 * 1_048_576;
  let sent = 0;
  const sending = (async () => {
    const chunk = new Uint8Array(1_048_576);
    while (sent < total) sent += await connection.write(chunk.subarray(0, total - sent));
    await connection.closeWrite();
  })();
  await input.subscribe().block();
  // The sender gets stuck at what the systems' buffers hold, far below the total.
  let before = -1;
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert(sent < total, `${sent}`);
  assert(socket.receiveBufferSize() >= BigInt(input.read(1_000_000n).length));
  let received = 0;
  try {
    while (true) received += (await input.blockingRead(65_536n)).length;
  } catch (error) {
    assert.deepEqual(error, { tag: "closed" });
  }
  await sending;
  assert(received > total - 200_000 && received < total, `${received}`);
});

Deno.test("a stream of a connection that its peer resets says so", async () => {
  await using fixture = socketFixture(LOOPBACK);
  const server = createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  const { input, output } = await connect(fixture.sockets, at("127.0.0.1", address.port));
  await writeText(output, "x");
  await input.subscribe().block();
  const { tag, val } = thrown(() => input.read(1n)) as { tag: string; val: unknown };
  assert.equal(tag, "last-operation-failed");
  assert.equal(call(network.create(guestContext()), "networkErrorCode", val), "connection-reset");
  await new Promise((resolve) => server.close(resolve));
});

Deno.test("a stream of a connection that its peer has given up says so", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  (await server.next()).close();
  assert.equal(await readText(input, 1), "");
  const errors: unknown[] = [];
  for (let attempt = 0; attempt < 100 && errors.length === 0; attempt += 1) {
    await writeText(output, "x").catch((error) => errors.push(error));
  }
  const [error] = errors as { tag: string; val: unknown }[];
  assert.equal(error?.tag, "last-operation-failed");
  const { val } = error;
  assert.equal(call(network.create(guestContext()), "networkErrorCode", val), "connection-reset");
  assert.deepEqual(thrown(() => output.checkWrite()), { tag: "closed" });
});

Deno.test("a connection is closed when the socket and both streams are dropped, in any order", async () => {
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2]]) {
    await using fixture = socketFixture(LOOPBACK);
    await using server = peer();
    const { socket, input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
    const connection = await server.next();
    const ended = connection.read(new Uint8Array(1));
    const resources = [socket, input, output];
    for (const index of order) {
      assert.equal(fixture.sockets.isFull, false);
      resources[index]?.[Symbol.dispose]();
    }
    assert.equal(await ended, null);
  }
});

Deno.test("a connection that is dropped still sends what was written", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  let written = 0;
  for (let room = output.checkWrite(); room > 0n; room = output.checkWrite()) {
    output.write(new Uint8Array(Number(room)));
    written += Number(room);
  }
  for (const resource of [output, input, socket]) resource[Symbol.dispose]();
  const received = await new Response(connection.readable).bytes();
  assert.equal(received.length, written);
});

Deno.test("the end of an instance closes its connections and rejects their waits", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { input } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  const wait = input.blockingRead(1n);
  fixture.end();
  await assert.rejects(async () => await wait, { name: "AbortError" });
  assert.equal(await connection.read(new Uint8Array(1)), null);
});

Deno.test("the end of an instance ends a connection that is being made", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const socket = new TcpSocket("ipv4", fixture.sockets);
  socket.startConnect(NETWORK, at("127.0.0.1", server.port));
  fixture.end();
  assert.equal(thrown(() => socket.finishConnect()), "not-in-progress");
  assert.equal(thrown(() => socket.startConnect(NETWORK, at("127.0.0.1", 1))), "invalid-state");
});

Deno.test("TcpSocket.finishConnect() says that nobody listens, and the socket is spent", async () => {
  await using fixture = socketFixture(LOOPBACK);
  const { port } = await (async () => {
    await using server = peer();
    return server;
  })();
  for (const host of ["127.0.0.1", "::1"]) {
    const remote = at(host, port);
    const socket = new TcpSocket(remote.tag, fixture.sockets);
    socket.startConnect(NETWORK, remote);
    await socket.subscribe().block();
    assert.equal(thrown(() => socket.finishConnect()), "connection-refused");
    assert.equal(thrown(() => socket.finishConnect()), "not-in-progress");
    assert.equal(thrown(() => socket.startConnect(NETWORK, remote)), "invalid-state");
  }
});

/** Family, address, port. */
const UNUSABLE: readonly [("ipv4" | "ipv6"), string, number][] = [
  ["ipv4", "::1", 80],
  ["ipv6", "127.0.0.1", 80],
  ["ipv4", "127.0.0.1", 0],
  ["ipv4", "0.0.0.0", 80],
  ["ipv6", "::", 80],
  ["ipv4", "224.0.0.1", 80],
  ["ipv4", "239.255.255.255", 80],
  ["ipv4", "255.255.255.255", 80],
  ["ipv6", "ff02::1", 80],
];

Deno.test("TcpSocket.startConnect() refuses addresses that no connection can go to", async () => {
  await using fixture = socketFixture({ outbound: ["*://*:*"] });
  for (const [family, host, port] of UNUSABLE) {
    const socket = new TcpSocket(family, fixture.sockets);
    const error = thrown(() => socket.startConnect(NETWORK, at(host, port)));
    assert.equal(error, "invalid-argument", `${family} ${host} ${port}`);
  }
  const socket = new TcpSocket("ipv6", fixture.sockets);
  const mapped = {
    tag: "ipv6",
    val: { port: 80, flowInfo: 0, scopeId: 0, address: [0, 0, 0, 0, 0, 0xffff, 0x7f00, 1] },
  } as const;
  assert.equal(thrown(() => socket.startConnect(NETWORK, mapped)), "invalid-argument");
  assert.equal(thrown(() => socket.startBind(NETWORK, mapped)), "invalid-argument");
  assert.deepEqual(fixture.denials, []);
});

/** What a socket answers before it is bound or connected. */
const UNBOUND: Readonly<Record<string, (socket: TcpSocket) => unknown>> = {
  "not-in-progress finishBind": (socket) => socket.finishBind(),
  "not-in-progress finishConnect": (socket) => socket.finishConnect(),
  "not-in-progress finishListen": (socket) => socket.finishListen(),
  "invalid-state startListen": (socket) => socket.startListen(),
  "invalid-state accept": (socket) => socket.accept(),
  "invalid-state localAddress": (socket) => socket.localAddress(),
  "invalid-state remoteAddress": (socket) => socket.remoteAddress(),
  "invalid-state shutdown": (socket) => socket.shutdown("both"),
};

/** What it answers while it is connecting. */
const CONNECTING: typeof UNBOUND = {
  "concurrency-conflict startBind": (socket) => socket.startBind(NETWORK, at("127.0.0.1", 1)),
  "concurrency-conflict startConnect": (socket) => socket.startConnect(NETWORK, at("127.0.0.1", 1)),
  "concurrency-conflict startListen": (socket) => socket.startListen(),
  "concurrency-conflict localAddress": (socket) => socket.localAddress(),
  "concurrency-conflict remoteAddress": (socket) => socket.remoteAddress(),
  "concurrency-conflict shutdown": (socket) => socket.shutdown("send"),
  "not-in-progress finishBind": (socket) => socket.finishBind(),
  "invalid-state setListenBacklogSize": (socket) => socket.setListenBacklogSize(1n),
  "invalid-state accept": (socket) => socket.accept(),
};

/** What it answers once it is connected. */
const CONNECTED: typeof UNBOUND = {
  "invalid-state startBind": (socket) => socket.startBind(NETWORK, at("127.0.0.1", 1)),
  "invalid-state startConnect": (socket) => socket.startConnect(NETWORK, at("127.0.0.1", 1)),
  "invalid-state startListen": (socket) => socket.startListen(),
  "not-in-progress finishConnect": (socket) => socket.finishConnect(),
  "not-in-progress finishListen": (socket) => socket.finishListen(),
  "invalid-state accept": (socket) => socket.accept(),
  "invalid-state setListenBacklogSize": (socket) => socket.setListenBacklogSize(1n),
};

Deno.test("TcpSocket answers in each state what the WIT text says", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const socket = new TcpSocket("ipv4", fixture.sockets);
  const answer = (answers: typeof UNBOUND) => {
    for (const [name, run] of Object.entries(answers)) {
      assert.equal(thrown(() => run(socket)), name.split(" ")[0], name);
    }
  };
  answer(UNBOUND);
  socket.startConnect(NETWORK, at("127.0.0.1", server.port));
  answer(CONNECTING);
  await finish(socket.subscribe(), () => socket.finishConnect());
  answer(CONNECTED);
});

Deno.test("TcpSocket keeps its options, and refuses those without sense", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  assert.equal(socket.keepAliveEnabled(), false);
  socket.setKeepAliveEnabled(true);
  assert.equal(socket.keepAliveEnabled(), true);
  socket.setKeepAliveIdleTime(1n);
  assert.equal(socket.keepAliveIdleTime(), 1_000_000_000n);
  socket.setKeepAliveInterval(42_000_000_000n);
  assert.equal(socket.keepAliveInterval(), 42_000_000_000n);
  socket.setKeepAliveInterval(2n ** 64n - 1n);
  assert.equal(socket.keepAliveInterval(), 32_767_000_000_000n);
  socket.setKeepAliveCount(1_000);
  assert.equal(socket.keepAliveCount(), 127);
  socket.setHopLimit(64);
  assert.equal(socket.hopLimit(), 64);
  assert.equal(thrown(() => socket.setHopLimit(1)), "not-supported");
  socket.setReceiveBufferSize(1n);
  socket.setSendBufferSize(2n ** 64n - 1n);
  assert.deepEqual([socket.receiveBufferSize(), socket.sendBufferSize()], [65_536n, 65_536n]);
  const senseless = [
    () => socket.setKeepAliveIdleTime(0n),
    () => socket.setKeepAliveInterval(0n),
    () => socket.setKeepAliveCount(0),
    () => socket.setHopLimit(0),
    () => socket.setReceiveBufferSize(0n),
    () => socket.setSendBufferSize(0n),
    () => new TcpSocket("ipv4", fixture.sockets).setListenBacklogSize(0n),
  ];
  for (const run of senseless) assert.equal(thrown(run), "invalid-argument");
});

Deno.test("TcpSocket can be made only so often, until others are dropped", async () => {
  await using fixture = socketFixture({});
  const made = Array.from({ length: MOST_SOCKETS }, () => new TcpSocket("ipv4", fixture.sockets));
  assert.equal(thrown(() => new TcpSocket("ipv6", fixture.sockets)), "new-socket-limit");
  made[7]?.[Symbol.dispose]();
  new TcpSocket("ipv6", fixture.sockets);
});

Deno.test("a connection that is dropped makes room for another", async () => {
  await using fixture = socketFixture(LOOPBACK);
  await using server = peer();
  const { socket, input, output } = await connect(fixture.sockets, at("127.0.0.1", server.port));
  const connection = await server.next();
  for (let n = 1; n < MOST_SOCKETS; n += 1) new TcpSocket("ipv4", fixture.sockets);
  assert(fixture.sockets.isFull);
  for (const resource of [input, output, socket]) resource[Symbol.dispose]();
  assert.equal(await connection.read(new Uint8Array(1)), null);
  await nextTurn();
  assert.equal(fixture.sockets.isFull, false);
});
