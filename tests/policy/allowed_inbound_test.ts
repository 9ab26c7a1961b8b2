import assert from "node:assert/strict";
import { GyreError } from "../../src/errors.ts";
import { AllowedInbound } from "../../src/policy/allowed_inbound.ts";

/** Entry, `protocol host port`, whether it is allowed. */
const DECISIONS: readonly [string, string, boolean][] = [
  ["tcp://127.0.0.1:7000", "tcp 127.0.0.1 7000", true],
  ["tcp://127.0.0.1:7000/", "tcp 127.0.0.1 7000", true],
  ["tcp://127.0.0.1:7000", "udp 127.0.0.1 7000", false],
  ["tcp://127.0.0.1:7000", "tcp 127.0.0.1 7001", false],
  ["tcp://127.0.0.1:7000", "tcp 127.0.0.1 0", false],
  ["tcp://127.0.0.1:7000", "tcp 127.0.0.2 7000", false],
  ["tcp://127.0.0.1:7000", "tcp 0.0.0.0 7000", false],
  ["tcp://127.0.0.1:7000", "tcp ::1 7000", false],
  ["tcp://127.0.0.1:*", "tcp 127.0.0.1 0", true],
  ["tcp://127.0.0.1:*", "tcp 127.0.0.1 65535", true],
  ["udp://[::1]:5353", "udp ::1 5353", true],
  ["udp://[0:0:0:0:0:0:0:1]:5353", "udp ::1 5353", true],
  ["udp://[::1]:5353", "udp :: 5353", false],
  ["tcp://0.0.0.0:80", "tcp 0.0.0.0 80", true],
  ["tcp://0.0.0.0:80", "tcp 127.0.0.1 80", false],
  ["tcp://localhost:80", "tcp 127.0.0.1 80", true],
  ["tcp://localhost:80", "tcp ::1 80", true],
  ["tcp://localhost:80", "tcp 127.0.0.2 80", false],
  ["tcp://*:80", "tcp 0.0.0.0 80", true],
  ["tcp://*:80", "tcp :: 80", true],
  ["tcp://*:80", "tcp 10.0.0.1 80", true],
  ["tcp://*:80", "tcp 10.0.0.1 81", false],
  ["tcp://*:*", "tcp :: 0", true],
  ["tcp://[::ffff:127.0.0.1]:80", "tcp 127.0.0.1 80", true],
  ["tcp://*:*", "tcp example.com 80", false],
];

for (const [entry, target, isAllowed] of DECISIONS) {
  Deno.test(`AllowedInbound.check() ${isAllowed ? "allows" : "denies"} ${target} by ${entry}`, () => {
    const [protocol, host = "", port] = target.split(" ");
    assert(protocol === "tcp" || protocol === "udp");
    const allowed = AllowedInbound.parse([entry]).check({ protocol, host, port: Number(port) });
    assert.equal(allowed, isAllowed);
  });
}

Deno.test("AllowedInbound.check() denies everything without entries", () => {
  const none = AllowedInbound.parse([]);
  assert.equal(none.check({ protocol: "tcp", host: "127.0.0.1", port: 80 }), false);
});

const MALFORMED = [
  "",
  "tcp",
  "127.0.0.1:7000",
  "://127.0.0.1:7000",
  "http://127.0.0.1:7000",
  "*://127.0.0.1:7000",
  "TCP://127.0.0.1:7000",
  "tcp://127.0.0.1",
  "tcp://127.0.0.1:",
  "tcp://127.0.0.1:0",
  "tcp://127.0.0.1:65536",
  "tcp://127.0.0.1:-1",
  "tcp://127.0.0.1:7000..7002",
  "tcp://127.0.0.1:7000/x",
  "tcp://:7000",
  "tcp://example.com:7000",
  "tcp://*.1:7000",
  "tcp://::1:7000",
  "tcp://[::1:7000",
  "tcp://10.0.0.0/8:7000",
  "tcp://{{ host }}:7000",
];

for (const entry of MALFORMED) {
  Deno.test(`AllowedInbound.parse() refuses "${entry}"`, () => {
    assert.throws(
      () => AllowedInbound.parse(["tcp://127.0.0.1:80", entry]),
      (error) =>
        error instanceof GyreError && error.code === "ERR_ALLOWED_INBOUND" &&
        error.message.includes(`"${entry}"`) && error.hint !== undefined,
    );
  });
}

Deno.test("AllowedInbound.parse() gives an equal object for its own entries", () => {
  const allowed = AllowedInbound.parse(["tcp://localhost:80", "udp://[::1]:*"]);
  assert.deepEqual(AllowedInbound.parse(allowed.entries), allowed);
});
