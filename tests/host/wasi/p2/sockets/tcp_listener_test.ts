import assert from "node:assert/strict";
import { MOST_BACKLOG, MOST_SOCKETS } from "../../../../../src/host/wasi/p2/sockets/bounds.ts";
import { TcpSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_socket.ts";
import { thrown } from "../../../thrown.ts";
import {
  at,
  finish,
  listen,
  NETWORK,
  nextTurn,
  peer,
  readText,
  socketFixture,
  writeText,
} from "./socket_fixture.ts";

const ANY = { inbound: ["tcp://*:*"] };

/** Connects to a socket that listens, as a peer. */
async function dial(socket: TcpSocket): Promise<Deno.TcpConn> {
  const { tag, val } = socket.localAddress();
  const hostname = tag === "ipv4" ? "127.0.0.1" : "::1";
  return await Deno.connect({ hostname, port: val.port });
}

for (const host of ["127.0.0.1", "::1", "0.0.0.0", "::"]) {
  Deno.test(`TcpSocket listens on ${host}, accepts and talks`, async () => {
    await using fixture = socketFixture(ANY);
    const socket = await listen(fixture.sockets, at(host, 0));
    assert(socket.isListening());
    assert.equal(socket.subscribe().ready(), false);
    assert.equal(thrown(() => socket.accept()), "would-block");

    using client = await dial(socket);
    const [accepted, input, output] = await finish(socket.subscribe(), () => socket.accept());
    assert.equal(accepted.addressFamily(), socket.addressFamily());
    assert.deepEqual(accepted.localAddress().val.port, socket.localAddress().val.port);
    assert.deepEqual(
      accepted.remoteAddress(),
      at(client.localAddr.hostname, client.localAddr.port),
    );

    await client.write(new TextEncoder().encode("ping"));
    assert.equal(await readText(input, 4), "ping");
    await writeText(output, "pong");
    const buffer = new Uint8Array(4);
    await client.read(buffer);
    assert.equal(new TextDecoder().decode(buffer), "pong");
    await client.closeWrite();
    assert.equal(await readText(input, 1), "");
  });
}

Deno.test("TcpSocket on :: takes no IPv4 connections", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("::", 0));
  const { port } = socket.localAddress().val;
  using client = await Deno.connect({ hostname: "127.0.0.1", port });
  assert.equal(await client.read(new Uint8Array(1)).catch(() => null), null);
  assert.equal(thrown(() => socket.accept()), "would-block");
});

Deno.test("TcpSocket.subscribe() can be used again and again while listening", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("127.0.0.1", 0));
  const pollable = socket.subscribe();
  for (let round = 0; round < 3; round += 1) {
    assert.equal(pollable.ready(), false);
    const waiting = pollable.block();
    using _client = await dial(socket);
    await waiting;
    const [accepted] = socket.accept();
    assert.equal(accepted.isListening(), false);
  }
});

Deno.test("TcpSocket accepts connections in the order in which they came", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("127.0.0.1", 0));
  using first = await dial(socket);
  using second = await dial(socket);
  for (const client of [first, second]) {
    const [accepted] = await finish(socket.subscribe(), () => socket.accept());
    assert.equal(accepted.remoteAddress().val.port, client.localAddr.port);
  }
});

Deno.test("an accepted socket inherits the options of the one that listens", async () => {
  await using fixture = socketFixture(ANY);
  const socket = new TcpSocket("ipv4", fixture.sockets);
  socket.setKeepAliveEnabled(true);
  socket.setKeepAliveCount(5);
  socket.startBind(NETWORK, at("127.0.0.1", 0));
  await finish(socket.subscribe(), () => socket.finishBind());
  socket.startListen();
  socket.finishListen();
  using _client = await dial(socket);
  const [accepted] = await finish(socket.subscribe(), () => socket.accept());
  assert.deepEqual(accepted.settings, socket.settings);
  assert.equal(accepted.keepAliveCount(), 5);
});

Deno.test("TcpSocket.finishBind() says that an address is in use, and may be tried again", async () => {
  await using fixture = socketFixture(ANY);
  await using server = peer();
  const socket = new TcpSocket("ipv4", fixture.sockets);
  socket.startBind(NETWORK, at("127.0.0.1", server.port));
  assert.equal(thrown(() => socket.finishBind()), "would-block");
  await socket.subscribe().block();
  assert.equal(thrown(() => socket.finishBind()), "address-in-use");
  assert.equal(thrown(() => socket.finishBind()), "not-in-progress");
  socket.startBind(NETWORK, at("127.0.0.1", 0));
  await finish(socket.subscribe(), () => socket.finishBind());
  assert(socket.localAddress().val.port > 0);
});

Deno.test("TcpSocket.finishBind() says that an address is not one of this machine", async () => {
  await using fixture = socketFixture(ANY);
  const socket = new TcpSocket("ipv4", fixture.sockets);
  socket.startBind(NETWORK, at("192.0.2.1", 0));
  await socket.subscribe().block();
  assert.equal(thrown(() => socket.finishBind()), "address-not-bindable");
});

/** What a socket that is bound answers. */
const BOUND: readonly [string, (socket: TcpSocket) => unknown][] = [
  ["invalid-state", (socket) => socket.startBind(NETWORK, at("127.0.0.1", 0))],
  ["invalid-state", (socket) => socket.accept()],
  ["invalid-state", (socket) => socket.remoteAddress()],
  ["invalid-state", (socket) => socket.shutdown("both")],
  ["not-in-progress", (socket) => socket.finishListen()],
  ["not-in-progress", (socket) => socket.finishBind()],
];

/** What one answers while it binds. */
const BINDING: typeof BOUND = [
  ["concurrency-conflict", (socket) => socket.startBind(NETWORK, at("127.0.0.1", 0))],
  ["concurrency-conflict", (socket) => socket.startListen()],
  ["concurrency-conflict", (socket) => socket.startConnect(NETWORK, at("127.0.0.1", 1))],
  ["concurrency-conflict", (socket) => socket.localAddress()],
  ["not-in-progress", (socket) => socket.finishConnect()],
];

/** What one answers that listens. */
const LISTENING: typeof BOUND = [
  ["invalid-state", (socket) => socket.startBind(NETWORK, at("127.0.0.1", 0))],
  ["invalid-state", (socket) => socket.startListen()],
  ["invalid-state", (socket) => socket.startConnect(NETWORK, at("127.0.0.1", 1))],
  ["invalid-state", (socket) => socket.remoteAddress()],
  ["not-in-progress", (socket) => socket.finishListen()],
];

Deno.test("TcpSocket answers in each state of listening what the WIT text says", async () => {
  await using fixture = socketFixture(ANY);
  const socket = new TcpSocket("ipv4", fixture.sockets);
  const answer = (answers: typeof BOUND) => {
    for (const [code, run] of answers) assert.equal(thrown(() => run(socket)), code, `${run}`);
  };
  socket.startBind(NETWORK, at("127.0.0.1", 0));
  answer(BINDING);
  await finish(socket.subscribe(), () => socket.finishBind());
  answer(BOUND);
  assert.equal(socket.isListening(), false);
  socket.startListen();
  assert.equal(thrown(() => socket.startListen()), "concurrency-conflict");
  assert(socket.subscribe().ready());
  socket.finishListen();
  answer(LISTENING);
});

Deno.test("TcpSocket refuses to bind what cannot be bound", async () => {
  await using fixture = socketFixture(ANY);
  for (const host of ["::1", "224.0.0.1", "255.255.255.255"]) {
    const socket = new TcpSocket("ipv4", fixture.sockets);
    assert.equal(thrown(() => socket.startBind(NETWORK, at(host, 0))), "invalid-argument", host);
  }
});

Deno.test("TcpSocket connects from the address that it was bound to", async () => {
  await using fixture = socketFixture({ ...ANY, outbound: ["tcp://127.0.0.1:*"] });
  await using server = peer();
  const socket = new TcpSocket("ipv4", fixture.sockets);
  socket.startBind(NETWORK, at("127.0.0.1", 0));
  await finish(socket.subscribe(), () => socket.finishBind());
  const local = socket.localAddress();
  socket.startConnect(NETWORK, at("127.0.0.1", server.port));
  await finish(socket.subscribe(), () => socket.finishConnect());
  const connection = await server.next();
  assert.deepEqual(socket.localAddress(), local);
  assert.equal(connection.remoteAddr.port, local.val.port);
});

Deno.test("TcpSocket.setListenBacklogSize() bounds how many connections wait", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("127.0.0.1", 0));
  socket.setListenBacklogSize(2n);
  using _first = await dial(socket);
  using _second = await dial(socket);
  using third = await dial(socket);
  // The one too many is closed; the others are not.
  assert.equal(await third.read(new Uint8Array(1)).catch(() => null), null);
  socket.accept();
  socket.accept();
  assert.equal(thrown(() => socket.accept()), "would-block");
  socket.setListenBacklogSize(2n ** 64n - 1n);
});

Deno.test("connections that wait count as open sockets of the instance", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("127.0.0.1", 0));
  for (let n = 2; n < MOST_SOCKETS; n += 1) new TcpSocket("ipv4", fixture.sockets);
  using _client = await dial(socket);
  using refused = await dial(socket);
  assert.equal(await refused.read(new Uint8Array(1)).catch(() => null), null);
  assert.equal(socket.accept().length, 3);
  assert.equal(thrown(() => socket.accept()), "would-block");
  assert(MOST_BACKLOG < MOST_SOCKETS);
});

Deno.test("a connection whose peer has left before it was accepted does no harm", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("127.0.0.1", 0));
  const client = await dial(socket);
  await socket.subscribe().block();
  client.close();
  await nextTurn();
  const [, input] = socket.accept();
  assert.equal(await readText(input, 1), "");
});

Deno.test("TcpSocket frees its port when it is dropped, in whatever state", async () => {
  await using fixture = socketFixture(ANY);
  const states: readonly ((socket: TcpSocket) => Promise<void>)[] = [
    async () => {},
    async (socket) => await socket.subscribe().block(),
    async (socket) => await finish(socket.subscribe(), () => socket.finishBind()),
    async (socket) => {
      await finish(socket.subscribe(), () => socket.finishBind());
      socket.startListen();
      socket.finishListen();
    },
  ];
  for (const reach of states) {
    const { port } = await (async () => {
      await using server = peer();
      return server;
    })();
    const socket = new TcpSocket("ipv4", fixture.sockets);
    socket.startBind(NETWORK, at("127.0.0.1", port));
    await reach(socket);
    socket[Symbol.dispose]();
    assert.equal(thrown(() => socket.accept()), "invalid-state");
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  }
});

Deno.test("the end of an instance closes what it listens on, and what waits there", async () => {
  await using fixture = socketFixture(ANY);
  const socket = await listen(fixture.sockets, at("127.0.0.1", 0));
  const { port } = socket.localAddress().val;
  using waiting = await dial(socket);
  await socket.subscribe().block();
  fixture.end();
  assert.equal(await waiting.read(new Uint8Array(1)).catch(() => null), null);
  await nextTurn();
  await assert.rejects(
    () => Deno.connect({ hostname: "127.0.0.1", port }),
    Deno.errors.ConnectionRefused,
  );
});

/** Entry, address, port, whether it may be bound. */
const GRANTS: readonly [string, string, number, boolean][] = [
  ["tcp://127.0.0.1:*", "127.0.0.1", 0, true],
  ["tcp://127.0.0.1:*", "127.0.0.2", 0, false],
  ["tcp://127.0.0.1:*", "0.0.0.0", 0, false],
  ["tcp://127.0.0.1:*", "::1", 0, false],
  ["tcp://localhost:*", "::1", 0, true],
  ["tcp://*:*", "::1", 0, true],
  ["tcp://127.0.0.1:7000", "127.0.0.1", 0, false],
  ["tcp://127.0.0.1:7000", "127.0.0.1", 7001, false],
  ["tcp://0.0.0.0:7000", "127.0.0.1", 7000, false],
  ["udp://127.0.0.1:*", "127.0.0.1", 0, false],
];

Deno.test("TcpSocket.startBind() wants an entry of allowed_inbound", async () => {
  for (const [entry, host, port, isAllowed] of GRANTS) {
    await using fixture = socketFixture({ inbound: [entry], outbound: ["*://*:*"] });
    const address = at(host, port);
    const socket = new TcpSocket(address.tag, fixture.sockets);
    if (isAllowed) {
      socket.startBind(NETWORK, address);
      await finish(socket.subscribe(), () => socket.finishBind());
      continue;
    }
    const error = thrown(() => socket.startBind(NETWORK, address));
    assert.equal(error, "access-denied", `${entry} ${host} ${port}`);
    assert.equal(fixture.denials.length, 1);
  }
});

Deno.test("TcpSocket.startBind() says which entry would allow it", async () => {
  await using fixture = socketFixture({});
  const denied = (host: string, port: number) => {
    const address = at(host, port);
    const socket = new TcpSocket(address.tag, fixture.sockets);
    assert.equal(thrown(() => socket.startBind(NETWORK, address)), "access-denied");
  };
  denied("127.0.0.1", 7000);
  denied("::1", 0);
  assert.deepEqual(fixture.denials, [
    {
      target: "listen on tcp://127.0.0.1:7000",
      grant: 'allowed_inbound = ["tcp://127.0.0.1:7000"]',
    },
    { target: "listen on tcp://[::1]:0", grant: 'allowed_inbound = ["tcp://[::1]:*"]' },
  ]);
});
