// What a guest tries in order to reach what it was not granted: with the policy's check, and with
// that check switched off in a worker whose permissions were made of the policy.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import type { Denial } from "../../../../../src/policy/denial.ts";
import { denoPermissions } from "../../../../../src/policy/deno_permissions.ts";
import { outboundRoute } from "../../../../../src/host/wasi/p2/sockets/outbound_route.ts";
import type { LockedSockets } from "./locked_sockets_main.ts";
import { attemptSocket, rawAddress, type SocketAttempt } from "./socket_attempts.ts";
import { nextTurn, peer, socketFixture } from "./socket_fixture.ts";

/** What is around the guest. */
interface Surroundings extends AsyncDisposable {
  /** A port of 127.0.0.1 that the guest was granted. */
  readonly granted: number;
  /** A port of every address, for TCP and UDP, that it was not. */
  readonly victim: number;
  /** How often the victim was reached. */
  reached(): number;
}

async function surroundings(): Promise<Surroundings> {
  const granted = peer();
  const victim = Deno.listen({ hostname: "::", port: 0 });
  const datagrams = createSocket("udp6");
  let reached = 0;
  datagrams.on("message", () => reached += 1);
  await new Promise<void>((resolve) =>
    datagrams.bind({ address: "::", port: victim.addr.port }, resolve)
  );
  const accepting = (async () => {
    for await (const connection of victim) {
      reached += 1;
      connection.close();
    }
  })();
  return {
    granted: granted.port,
    victim: victim.addr.port,
    reached: () => reached,
    async [Symbol.asyncDispose]() {
      await granted[Symbol.asyncDispose]();
      victim.close();
      await accepting;
      await new Promise<void>((resolve) => datagrams.close(() => resolve()));
    },
  };
}

const connect = (host: string, port: number): SocketAttempt => ({
  action: "connect",
  to: rawAddress(host, port),
});
const send = (host: string, port: number): SocketAttempt => ({
  action: "send",
  to: rawAddress(host, port),
});
const listen = (host: string, port: number): SocketAttempt => ({
  action: "listen",
  to: rawAddress(host, port),
});
const receive = (host: string, port: number): SocketAttempt => ({
  action: "receive",
  to: rawAddress(host, port),
});
const lookUp = (name: string): SocketAttempt => ({ action: "look up", name });

const DENIED = "access-denied";
const INVALID = "invalid-argument";
const LOOPBACK_6 = "0:0:0:0:0:0:0:1";

/** What is tried, given a granted and an ungranted port, and how both walls answer. */
const ESCAPES: readonly [string, (granted: number, victim: number) => SocketAttempt, string][] = [
  ["another port", (_, victim) => connect("127.0.0.1", victim), DENIED],
  ["another loopback address", (granted) => connect("127.0.0.2", granted), DENIED],
  ["another loopback address and port", (_, victim) => connect("127.1.2.3", victim), DENIED],
  ["IPv6 loopback", (granted) => connect(LOOPBACK_6, granted), DENIED],
  ["IPv6 loopback, another port", (_, victim) => connect(LOOPBACK_6, victim), DENIED],
  ["IPv4 mapped into IPv6", (_, victim) => connect("0:0:0:0:0:ffff:7f00:1", victim), INVALID],
  ["a granted address, mapped", (granted) => connect("0:0:0:0:0:ffff:7f00:1", granted), INVALID],
  ["IPv4-compatible IPv6", (_, victim) => connect("0:0:0:0:0:0:7f00:1", victim), DENIED],
  ["IPv4 translated", (_, victim) => connect("0:0:0:0:ffff:0:7f00:1", victim), DENIED],
  ["IPv4 behind NAT64", (_, victim) => connect("64:ff9b:0:0:0:0:7f00:1", victim), DENIED],
  ["IPv4 in 6to4", (_, victim) => connect("2002:7f00:1:0:0:0:0:1", victim), DENIED],
  ["the unspecified address", (_, victim) => connect("0.0.0.0", victim), INVALID],
  ["the unspecified address, granted port", (granted) => connect("0.0.0.0", granted), INVALID],
  ["another address of this network", (_, victim) => connect("0.0.0.1", victim), DENIED],
  ["the unspecified IPv6 address", (_, victim) => connect("0:0:0:0:0:0:0:0", victim), INVALID],
  ["broadcast", (_, victim) => connect("255.255.255.255", victim), INVALID],
  ["multicast", (_, victim) => connect("224.0.0.1", victim), INVALID],
  ["IPv6 multicast", (_, victim) => connect("ff02:0:0:0:0:0:0:1", victim), INVALID],
  ["port 0", () => connect("127.0.0.1", 0), INVALID],
  ["a cloud's metadata", () => connect("169.254.169.254", 80), DENIED],
  ["a private network", () => connect("10.0.0.1", 80), DENIED],
  ["a unique local address", () => connect("fd00:ec2:0:0:0:0:0:254", 80), DENIED],
  ["a link-local address", () => connect("fe80:0:0:0:0:0:0:1", 80), DENIED],
  ["a granted name's private address", (_, victim) => connect("127.0.0.1", victim + 1), DENIED],
  ["a datagram to a TCP grant", (granted) => send("127.0.0.1", granted + 1), DENIED],
  ["a datagram to another port", (_, victim) => send("127.0.0.1", victim), DENIED],
  ["a datagram to IPv6", (_, victim) => send(LOOPBACK_6, victim), DENIED],
  ["a datagram, mapped", (_, victim) => send("0:0:0:0:0:ffff:7f00:1", victim), INVALID],
  ["a datagram to the unspecified address", (_, victim) => send("0.0.0.0", victim), INVALID],
  ["a datagram to everybody", (_, victim) => send("255.255.255.255", victim), DENIED],
  ["a datagram to a group", () => send("224.0.0.251", 5353), DENIED],
  ["listening", () => listen("127.0.0.1", 0), DENIED],
  ["listening on a granted remote port", (granted) => listen("127.0.0.2", granted), DENIED],
  ["listening on every address", () => listen("0.0.0.0", 7_001), DENIED],
  ["listening on IPv6", () => listen(LOOPBACK_6, 0), DENIED],
  ["listening on every IPv6 address", () => listen("0:0:0:0:0:0:0:0", 7_001), DENIED],
  ["listening, mapped", () => listen("0:0:0:0:0:ffff:7f00:1", 0), INVALID],
  ["receiving datagrams", () => receive("127.0.0.1", 0), DENIED],
  ["receiving datagrams for everybody", () => receive("0.0.0.0", 5_353), DENIED],
  ["receiving a group's datagrams", () => receive("224.0.0.251", 5_353), DENIED],
  ["looking up another name", () => lookUp("example.com"), DENIED],
  ["looking up a name below", () => lookUp("sub.localhost"), DENIED],
  ["looking up a name with a port", () => lookUp("localhost:80"), INVALID],
  ["looking up a name with a user", () => lookUp("user@localhost"), INVALID],
  ["looking up a name with a path", () => lookUp("localhost/x"), INVALID],
  ["looking up a name with a zero", () => lookUp("localhost\0.example.com"), INVALID],
  ["looking up no name", () => lookUp(""), INVALID],
];

/** The guest's grants: one address and port, and a name that leads to an address it has not. */
const outbound = ({ granted, victim }: Surroundings) => [
  `tcp://127.0.0.1:${granted}`,
  `udp://127.0.0.1:${granted}`,
  `tcp://localhost:${victim + 1}`,
];

/** Runs attempts in a worker whose permissions were made of a policy. */
async function inLockedWorker(
  told: LockedSockets,
  policy: { readonly outbound: readonly string[]; readonly inbound: readonly string[] },
): Promise<{ readonly outcomes: readonly string[]; readonly denials: readonly Denial[] }> {
  const permissions = denoPermissions({
    componentId: "tested",
    environment: {},
    mounts: [],
    allowedHosts: AllowedHosts.parse(policy.outbound),
    allowedInbound: AllowedInbound.parse(policy.inbound),
  });
  const worker = new Worker(import.meta.resolve("./locked_sockets_main.ts"), {
    type: "module",
    deno: { permissions },
  });
  try {
    const answer = Promise.withResolvers<{ outcomes: string[]; denials: Denial[] }>();
    worker.onmessage = ({ data }) => answer.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      answer.reject(new Error(event.message));
    };
    worker.postMessage(told);
    return await answer.promise;
  } finally {
    worker.terminate();
  }
}

for (const [name, make, expected] of ESCAPES) {
  Deno.test(`a guest's sockets do not reach beyond the grants: ${name}`, async () => {
    await using at = await surroundings();
    await using fixture = socketFixture({ outbound: outbound(at) });
    await attemptSocket(fixture.sockets, lookUp("localhost"));
    const outcome = await attemptSocket(fixture.sockets, make(at.granted, at.victim));
    assert.equal(outcome, expected);
    await nextTurn();
    assert.equal(at.reached(), 0);
    assert.equal(fixture.denials.length, expected === DENIED ? 1 : 0);
  });
}

Deno.test("a guest's sockets reach what is granted", async () => {
  await using at = await surroundings();
  await using fixture = socketFixture({ outbound: outbound(at) });
  const attempts = [connect("127.0.0.1", at.granted), send("127.0.0.1", at.granted)];
  for (const attempt of [...attempts, lookUp("localhost"), lookUp("LocalHost.")]) {
    assert.equal(await attemptSocket(fixture.sockets, attempt), "ok", Deno.inspect(attempt));
  }
});

Deno.test("a worker's permissions hold what the policy's check lets through", async () => {
  await using at = await surroundings();
  const attempts = ESCAPES.map(([, make]) => make(at.granted, at.victim));
  const { outcomes } = await inLockedWorker(
    { outbound: ["*://*:*"], inbound: ["tcp://*:*", "udp://*:*"], attempts },
    { outbound: outbound(at), inbound: [] },
  );
  const expected = ESCAPES.map(([name, , code]) => [name, code]);
  assert.deepEqual(ESCAPES.map(([name], index) => [name, outcomes[index]]), expected);
  assert.equal(at.reached(), 0);
});

Deno.test("a worker's permissions are enough for what the policy grants", async () => {
  await using at = await surroundings();
  const policy = { outbound: outbound(at), inbound: [] };
  const attempts = [
    connect("127.0.0.1", at.granted),
    send("127.0.0.1", at.granted),
    lookUp("localhost"),
    lookUp("127.1"),
  ];
  const { outcomes, denials } = await inLockedWorker({ ...policy, attempts }, policy);
  assert.deepEqual(outcomes, ["ok", "ok", "ok", "ok"]);
  assert.deepEqual(denials, []);
});

Deno.test("a worker may listen on what the policy grants, and on nothing else", async () => {
  const inbound = ["tcp://127.0.0.1:*", "udp://[::1]:*", "tcp://*:7002"];
  const attempts = [
    listen("127.0.0.1", 0),
    receive(LOOPBACK_6, 0),
    listen("0.0.0.0", 7_002),
    listen("0:0:0:0:0:0:0:0", 7_002),
    listen("127.0.0.2", 0),
    receive("0.0.0.0", 7_003),
  ];
  const { outcomes } = await inLockedWorker(
    { outbound: [], inbound: ["tcp://*:*", "udp://*:*"], attempts },
    { outbound: [], inbound },
  );
  assert.deepEqual(outcomes, ["ok", "ok", "ok", "ok", DENIED, DENIED]);
});

Deno.test("a worker that may connect to a name connects to the address that was checked only", async () => {
  await using server = peer();
  const byName = (host: string): SocketAttempt => ({
    action: "connect by name",
    name: "localhost",
    to: rawAddress(host, server.port),
  });
  const { outcomes } = await inLockedWorker(
    {
      outbound: [],
      inbound: [],
      attempts: [
        byName("127.0.0.1"),
        byName("127.0.0.2"),
        byName("93.184.216.34"),
        byName("0.0.0.0"),
        byName("255.255.255.255"),
      ],
    },
    { outbound: [`tcp://localhost:${server.port}`], inbound: [] },
  );
  assert.deepEqual(outcomes, ["ok", ...new Array(4).fill("remote-unreachable")]);
});

Deno.test("a worker that may reach a name only sends it no datagrams, and the guest is told why", async () => {
  const outbound = ["udp://dns.example.com:53"];
  const { outcomes, denials } = await inLockedWorker(
    {
      outbound,
      inbound: [],
      resolved: [["dns.example.com", "93.184.216.34"]],
      attempts: [send("93.184.216.34", 53)],
    },
    { outbound, inbound: [] },
  );
  assert.deepEqual(outcomes, [DENIED]);
  assert.deepEqual(denials, [{
    target: "send to udp://93.184.216.34:53",
    reason:
      "Deno's permission for dns.example.com covers no datagrams, only that for the address does",
    grant: 'allowed_outbound_hosts = ["udp://93.184.216.34:53"]',
  }]);
});

Deno.test("a name's grant covers its public addresses, for the schemes and ports it names", async () => {
  await using fixture = socketFixture({ outbound: ["tcp://db.example.com:5432"] });
  const { sockets } = fixture;
  sockets.names.add("db.example.com", ["93.184.216.34", "10.0.0.7"]);
  sockets.names.add("other.example.com", ["93.184.216.35"]);
  const route = (host: string, port: number, protocol: "tcp" | "udp" = "tcp") =>
    outboundRoute(sockets, { protocol, host, port });
  assert.deepEqual(route("93.184.216.34", 5432), { name: "db.example.com" });
  assert.equal(route("93.184.216.34", 5433), undefined);
  assert.equal(route("93.184.216.34", 5432, "udp"), undefined);
  assert.equal(route("93.184.216.35", 5432), undefined);
  assert.equal(route("10.0.0.7", 5432), undefined);
  assert.equal(await attemptSocket(sockets, connect("10.0.0.7", 5432)), DENIED);
  assert.deepEqual(fixture.denials, [{
    target: "connect to tcp://10.0.0.7:5432",
    reason: "db.example.com is at 10.0.0.7, which is not a public address",
    grant: 'allowed_outbound_hosts = ["tcp://10.0.0.7:5432"]',
  }]);
});

Deno.test("a name's grant covers a private address that is granted itself", async () => {
  await using fixture = socketFixture({
    outbound: ["tcp://db.example.com:5432", "tcp://10.0.0.0/8:5432"],
  });
  fixture.sockets.names.add("db.example.com", ["10.0.0.7"]);
  const remote = { protocol: "tcp", host: "10.0.0.7", port: 5432 } as const;
  assert.deepEqual(outboundRoute(fixture.sockets, remote), {});
});
