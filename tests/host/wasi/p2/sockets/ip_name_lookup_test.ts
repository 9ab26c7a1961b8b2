import assert from "node:assert/strict";
import {
  MOST_LOOKUPS,
  MOST_RESOLVED_NAMES,
} from "../../../../../src/host/wasi/p2/sockets/bounds.ts";
import type { InstanceSockets } from "../../../../../src/host/wasi/p2/sockets/instance_sockets.ts";
import { instanceSockets } from "../../../../../src/host/wasi/p2/sockets/instance_sockets.ts";
import type { IpAddress } from "../../../../../src/host/wasi/p2/sockets/ip_address.ts";
import { ipNameLookup } from "../../../../../src/host/wasi/p2/sockets/ip_name_lookup.ts";
import { Operation } from "../../../../../src/host/wasi/p2/sockets/operation.ts";
import { ResolveAddressStream } from "../../../../../src/host/wasi/p2/sockets/resolve_address_stream.ts";
import { ResolvedNames } from "../../../../../src/host/wasi/p2/sockets/resolved_names.ts";
import { call } from "../../../call.ts";
import { thrown } from "../../../thrown.ts";
import { finish, NETWORK, socketFixture } from "./socket_fixture.ts";

function resolve(sockets: InstanceSockets, name: string): ResolveAddressStream {
  const implementation = ipNameLookup.create(sockets.guest);
  const stream = call(implementation, "resolveAddresses", NETWORK, name);
  assert(stream instanceof ResolveAddressStream);
  return stream;
}

async function all(stream: ResolveAddressStream): Promise<IpAddress[]> {
  const addresses: IpAddress[] = [];
  while (true) {
    const next = await finish(stream.subscribe(), () => stream.resolveNextAddress());
    if (next === undefined) return addresses;
    addresses.push(next);
  }
}

/** Text, the address that it is. None of them needs a grant. */
const LITERALS: readonly [string, IpAddress][] = [
  ["127.0.0.1", { tag: "ipv4", val: [127, 0, 0, 1] }],
  ["127.1", { tag: "ipv4", val: [127, 0, 0, 1] }],
  ["0x7f.0.0.1", { tag: "ipv4", val: [127, 0, 0, 1] }],
  ["2130706433", { tag: "ipv4", val: [127, 0, 0, 1] }],
  ["::1", { tag: "ipv6", val: [0, 0, 0, 0, 0, 0, 0, 1] }],
  ["[2001:db8::a:b]", { tag: "ipv6", val: [0x2001, 0xdb8, 0, 0, 0, 0, 10, 11] }],
  ["::ffff:10.0.0.1", { tag: "ipv4", val: [10, 0, 0, 1] }],
];

Deno.test("resolveAddresses() gives an address back as itself, IPv4 if it is mapped", async () => {
  await using fixture = socketFixture({});
  for (const [text, expected] of LITERALS) {
    assert.deepEqual(await all(resolve(fixture.sockets, text)), [expected], text);
  }
  assert.deepEqual(fixture.denials, []);
});

/** An entry that covers localhost, for whatever it is meant. */
const COVERING = ["tcp://localhost:80", "https://localhost", "redis://localhost:*", "*://*:*"];

for (const entry of COVERING) {
  Deno.test(`resolveAddresses() looks up a name that ${entry} covers`, async () => {
    await using fixture = socketFixture({ outbound: [entry] });
    const stream = resolve(fixture.sockets, "localhost");
    assert.equal(stream.subscribe().ready(), false);
    assert.equal(thrown(() => stream.resolveNextAddress()), "would-block");
    const addresses = await all(stream);
    assert(addresses.some(({ tag, val }) => tag === "ipv4" ? val[0] === 127 : val[7] === 1));
    assert.equal(stream.resolveNextAddress(), undefined);
  });
}

Deno.test("resolveAddresses() remembers which name led to which address", async () => {
  await using fixture = socketFixture({ outbound: ["tcp://localhost:80"] });
  const { sockets } = fixture;
  await all(resolve(instanceSockets(sockets.guest), "LOCALHOST."));
  const { names } = instanceSockets(sockets.guest);
  assert.deepEqual([...names.namesOf("127.0.0.1"), ...names.namesOf("::1")].slice(0, 1), [
    "localhost",
  ]);
  assert.deepEqual(names.namesOf("127.0.0.2"), []);
});

Deno.test("resolveAddresses() denies a name that no entry covers, and says which would", async () => {
  await using fixture = socketFixture({
    outbound: ["tcp://*.example.com:80", "tcp://10.0.0.0/8:*"],
  });
  for (const name of ["example.com", "example.org", "localhost"]) {
    assert.equal(thrown(() => resolve(fixture.sockets, name)), "access-denied", name);
  }
  assert.deepEqual(fixture.denials[0], {
    target: "look up example.com",
    grant: 'allowed_outbound_hosts = ["tcp://example.com:*"]',
  });
});

const INVALID = [
  "",
  ".",
  "a..b",
  "a b",
  "a:80",
  "a/b",
  "user@a",
  "a?b",
  "a\0b",
  "*.example.com",
  "[::1",
  "256.256.256.256",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(127)}example`,
];

Deno.test("resolveAddresses() refuses what is neither a name nor an address", async () => {
  await using fixture = socketFixture({ outbound: ["*://*:*"] });
  for (const name of INVALID) {
    assert.equal(thrown(() => resolve(fixture.sockets, name)), "invalid-argument", name);
  }
});

Deno.test("resolveAddresses() takes names of other scripts in ASCII", async () => {
  await using fixture = socketFixture({});
  assert.equal(thrown(() => resolve(fixture.sockets, "Bücher.example")), "access-denied");
  assert.equal(fixture.denials[0]?.target, "look up xn--bcher-kva.example");
});

Deno.test("ResolveAddressStream says that a name has no address, again and again", async () => {
  // The name of RFC 6761 that no resolver may know.
  await using fixture = socketFixture({ outbound: ["tcp://nobody.invalid:80"] });
  const stream = resolve(fixture.sockets, "nobody.invalid");
  await stream.subscribe().block();
  const first = thrown(() => stream.resolveNextAddress());
  assert(["name-unresolvable", "temporary-resolver-failure"].includes(String(first)), `${first}`);
  assert.equal(thrown(() => stream.resolveNextAddress()), first);
});

Deno.test("resolveAddresses() looks up only so many names at once", async () => {
  await using fixture = socketFixture({ outbound: ["tcp://localhost:80"] });
  const implementation = ipNameLookup.create(fixture.sockets.guest);
  const start = () => call(implementation, "resolveAddresses", NETWORK, "localhost");
  const streams = Array.from({ length: MOST_LOOKUPS }, start);
  assert.equal(thrown(start), "temporary-resolver-failure");
  for (const stream of streams) await all(stream as ResolveAddressStream);
  await all(start() as ResolveAddressStream);
});

Deno.test("the end of an instance rejects the wait for a lookup", async () => {
  await using fixture = socketFixture({ outbound: ["tcp://localhost:80"] });
  const stream = resolve(fixture.sockets, "localhost");
  const wait = stream.subscribe().block();
  fixture.end();
  await assert.rejects(async () => await wait, { name: "AbortError" });
  await finish(
    { ready: () => false, block: () => settled(stream) },
    () => stream.resolveNextAddress(),
  );
});

Deno.test("ResolvedNames forgets the oldest", () => {
  const names = new ResolvedNames();
  for (let n = 0; n <= MOST_RESOLVED_NAMES; n += 1) names.add(`n${n}`, ["192.0.2.1"]);
  assert.equal(names.namesOf("192.0.2.1").length, MOST_RESOLVED_NAMES);
  assert(!names.namesOf("192.0.2.1").includes("n0"));
  names.add("n5", ["192.0.2.1"]);
  assert.equal(names.namesOf("192.0.2.1").filter((name) => name === "n5").length, 1);
});

/** What Node's API fails with, what the guest is told. */
const FAILURES: readonly [string, string][] = [
  ["ENOTFOUND", "name-unresolvable"],
  ["EAI_AGAIN", "temporary-resolver-failure"],
  ["EAI_FAIL", "permanent-resolver-failure"],
  ["ENETUNREACH", "remote-unreachable"],
  ["EHOSTUNREACH", "remote-unreachable"],
  ["ETIMEDOUT", "timeout"],
  ["ECONNRESET", "connection-reset"],
  ["ECONNABORTED", "connection-aborted"],
  ["EMFILE", "new-socket-limit"],
  ["ESOMETHING", "unknown"],
];

Deno.test("Operation.finish() throws in WASI's words what an operation failed with", async () => {
  for (const [code, expected] of FAILURES) {
    const failure = Object.assign(new Error(code), { code });
    await new Promise<void>((resolve) => {
      const operation = new Operation(Promise.reject(failure), () => {
        assert.equal(thrown(() => operation.finish()), expected, code);
        resolve();
      });
      assert.equal(thrown(() => operation.finish()), "would-block");
    });
  }
});

async function settled(stream: ResolveAddressStream): Promise<void> {
  while (!stream.subscribe().ready()) await new Promise((resolve) => setTimeout(resolve, 1));
}
