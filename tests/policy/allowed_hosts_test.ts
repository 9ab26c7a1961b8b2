import assert from "node:assert/strict";
import { GyreError } from "../../src/errors.ts";
import { AllowedHosts, type ConnectionTarget } from "../../src/policy/allowed_hosts.ts";

const ACCEPTED = [
  "http://spin.fermyon.dev",
  "http://spin.fermyon.dev/",
  "http://spin.fermyon.dev:4444/",
  "http://spin.fermyon.dev:4444..5555",
  "*://h:7777",
  "http://self",
  "http://self.alt",
  "http://localhost:3001",
  "http://*.example.com",
  "http://192.168.1.1",
  "http://[::1]",
  "http://[::1]/",
  "http://[::1]:*",
  "*://127.0.0.0/24:80",
  "http://10.0.0.0/8/",
  "*://ff00::/8:80",
  "http://ff00::/8",
  "*://*:*",
  "HTTP://Example.COM",
  "http://bücher.example",
  "http://hello.spin.internal",
  "tcp://*:0..65535",
];

const REJECTED = [
  "spin.fermyon.dev",
  "spin.fermyon.dev:80",
  "localhost",
  "*",
  "insecure:allow-all",
  "*://127.0.0.0/24",
  "*://example.com",
  "tcp://example.com",
  "http://h/a",
  "http://h/a/",
  "http://h//",
  "http://h?q",
  "http://user@h",
  "http://h#f",
  "http://h:notaport",
  "http://h:",
  "http://h:-1",
  "http://h:70000",
  "http://h:8080..70000",
  "http://h:90..80",
  "http://h:80..80",
  "http://h:1..2..3",
  "http://*.h:8080..",
  "http://*.",
  "http://*.*.h",
  "http://*h",
  "http://h.*",
  "http://*.10.0.0.1",
  "http://[::1",
  "http://[::1]junk",
  "http://[::1]::80",
  "http://[]",
  "http://[h]",
  "http://::1",
  "[::1]:8080",
  "http://ff00::/8/extra",
  "http://[ff00::]/8",
  "http://ff00::/129",
  "http://10.0.0.0/33",
  "http://256.1.1.1",
  "http://:80",
  "http://a..b",
  "http://exa mple.com",
  "http://xn--a",
  "://h:80",
  "ht-tp://h:80",
  "{http,https}://h",
  "http://{a,b}",
  "http://h:{80,81}",
  "redis://",
];

for (const entry of ACCEPTED) {
  Deno.test(`AllowedHosts.parse() accepts ${entry}`, () => {
    const hosts = AllowedHosts.parse([entry]);
    assert.deepEqual(hosts.entries, [entry]);
    assert.equal(hosts.hosts.length, 1);
  });
}

for (const entry of REJECTED) {
  Deno.test(`AllowedHosts.parse() refuses ${entry} and says how to mend it`, () => {
    assert.throws(() => AllowedHosts.parse([entry]), (error) => {
      assert(error instanceof GyreError);
      assert.equal(error.code, "ERR_ALLOWED_HOST");
      assert(error.message.includes(`"${entry}"`));
      assert(error.hint);
      return true;
    });
  });
}

/** Entry, target as `scheme host port`, decision. */
const DECISIONS: readonly [string, string, boolean][] = [
  ["http://*.example.com", "http a.example.com 80", true],
  ["http://*.example.com", "http a.b.example.com 80", true],
  ["http://*.example.com", "http A.EXAMPLE.com 80", true],
  ["http://*.example.com", "http example.com 80", false],
  ["http://*.example.com", "http myexample.com 80", false],
  ["http://*.example.com", "http a.example.com 8383", false],
  ["http://*.example.com", "https a.example.com 80", false],
  ["http://*.example.com", "http .example.com 80", false],
  ["http://[::1]", "http [::1] 80", true],
  ["http://[::1]", "http ::1 80", true],
  ["http://[::1]", "http 0:0:0:0:0:0:0:1 80", true],
  ["http://[::1]", "http [::2] 80", false],
  ["http://[::1]", "http [::1] 81", false],
  ["http://example.com", "http example.com 80", true],
  ["http://example.com", "HTTP Example.Com 80", true],
  ["http://example.com", "http example.com 443", false],
  ["http://example.com", "http sub.example.com 80", false],
  ["http://example.com", "http example.com.evil.com 80", false],
  ["http://Example.COM", "http example.com 80", true],
  ["http://bücher.example", "http xn--bcher-kva.example 80", true],
  ["http://xn--bcher-kva.example", "http bücher.example 80", true],
  ["https://h", "https h 443", true],
  ["postgres://h", "postgres h 5432", true],
  ["mysql://h", "mysql h 3306", true],
  ["redis://h", "redis h 6379", true],
  ["mqtt://h", "mqtt h 1883", true],
  ["http://h:8080..8082", "http h 8079", false],
  ["http://h:8080..8082", "http h 8080", true],
  ["http://h:8080..8082", "http h 8081", true],
  ["http://h:8080..8082", "http h 8082", false],
  ["http://h:*", "http h 1", true],
  ["http://h:*", "http h 65535", true],
  ["http://h:*", "http i 1", false],
  ["*://h:7777", "anything h 7777", true],
  ["*://h:7777", "tcp h 7778", false],
  ["*://*:*", "udp 203.0.113.9 53", true],
  ["*://*:*", "http self 80", true],
  ["http://*", "http any.example 80", true],
  ["http://*", "http any.example 81", false],
  ["tcp://127.0.0.0/24:80", "tcp 127.0.0.255 80", true],
  ["tcp://127.0.0.0/24:80", "tcp 127.0.1.0 80", false],
  ["tcp://127.0.0.0/24:80", "tcp localhost 80", false],
  ["tcp://10.1.2.3/8:80", "tcp 10.255.0.1 80", true],
  ["tcp://0.0.0.0/0:80", "tcp 203.0.113.9 80", true],
  ["tcp://0.0.0.0/0:80", "tcp ::2 80", false],
  ["tcp://10.0.0.0/8:80", "tcp ::ffff:10.0.0.1 80", true],
  ["tcp://10.0.0.0/8:80", "tcp 0x0a000001 80", true],
  ["tcp://::/0:80", "tcp ::ffff:10.0.0.1 80", false],
  ["http://ff00::/8", "http ff02::1 80", true],
  ["http://ff00::/8", "http [fe80::1] 80", false],
  ["http://2001:db8::1/32", "http 2001:db8:ffff::5 80", true],
  ["http://2001:db8::1/32", "http 2001:db9::5 80", false],
  ["http://self", "http self 80", false],
  ["http://self", "http example.com 80", false],
  ["http://a.spin.internal", "http a.spin.internal 80", true],
  ["http://a.spin.internal", "http b.spin.internal 80", false],
];

for (const [entry, text, allowed] of DECISIONS) {
  Deno.test(`check() ${allowed ? "allows" : "denies"} ${text} by ${entry}`, () => {
    const hosts = AllowedHosts.parse([entry]);
    assert.equal(hosts.check(target(text)), allowed);
  });
}

for (
  const host of ["", "a b", "[::1", "example.com:80", "example.com/", "a@b", "%"]
) {
  Deno.test(`check() denies "${host}", which is no host, even if all are allowed`, () => {
    const hosts = AllowedHosts.parse(["*://*:*"]);
    assert.equal(hosts.check({ scheme: "http", host, port: 80 }), false);
  });
}

Deno.test("check() denies everything without entries", () => {
  const hosts = AllowedHosts.parse([]);
  assert.equal(hosts.check(target("http example.com 80")), false);
  assert.equal(hosts.checkSelf("http"), false);
});

Deno.test("check() allows what any entry allows", () => {
  const hosts = AllowedHosts.parse(["http://a", "http://b"]);
  assert.equal(hosts.check(target("http b 80")), true);
});

Deno.test("checkSelf() goes by self and by any host, and by their scheme", () => {
  const decisions = ["http://self", "http://self.alt", "https://self", "*://*:*", "http://a"]
    .map((entry) => AllowedHosts.parse([entry]).checkSelf("http"));
  assert.deepEqual(decisions, [true, true, false, true, false]);
});

Deno.test("AllowedHosts.parse() skips entries that are switched off", () => {
  const hosts = AllowedHosts.parse(["", " ", "http://", "https://", "http://a"]);
  assert.deepEqual(hosts.entries, ["http://a"]);
});

Deno.test("AllowedHosts.parse() expands *.spin.internal to the components in order", () => {
  const componentIds = ["b", "a"];
  const hosts = AllowedHosts.parse(
    ["http://x", "http://*.spin.internal", "http://y"],
    { componentIds },
  );
  assert.deepEqual(hosts.entries, [
    "http://x",
    "http://b.spin.internal",
    "http://a.spin.internal",
    "http://y",
  ]);
});

Deno.test("AllowedHosts.parse() expands *.spin.internal to nothing without components", () => {
  const hosts = AllowedHosts.parse(["http://*.spin.internal"]);
  assert.deepEqual(hosts.entries, []);
  assert.throws(
    () => AllowedHosts.parse(["tcp://*.spin.internal"]),
    { code: "ERR_ALLOWED_HOST" },
  );
});

Deno.test("entries give an equal object when they are parsed again", () => {
  const hosts = AllowedHosts.parse(
    ["http://*.spin.internal", "tcp://10.0.0.0/8:1..5", " https://a "],
    { componentIds: ["one", "two"] },
  );
  assert.deepEqual(AllowedHosts.parse(hosts.entries).hosts, hosts.hosts);
});

function target(text: string): ConnectionTarget {
  const [scheme = "", host = "", port = ""] = text.split(" ");
  return { scheme, host, port: Number(port) };
}

/** Entry, name, whether the name may be looked up. */
const NAMES: readonly [string, string, boolean][] = [
  ["https://example.com", "example.com", true],
  ["tcp://example.com:80..90", "EXAMPLE.com", true],
  ["https://*.example.com", "a.example.com", true],
  ["https://*.example.com", "example.com", false],
  ["https://example.com", "example.org", false],
  ["*://*:*", "example.com", true],
  ["http://self", "self", false],
  ["tcp://10.0.0.0/8:*", "10.0.0.1", false],
  ["https://example.com", "", false],
  ["https://example.com", "example.com/", false],
];

for (const [entry, name, isCovered] of NAMES) {
  Deno.test(`AllowedHosts.checkName() ${isCovered ? "finds" : "misses"} "${name}" in ${entry}`, () => {
    const allowed = AllowedHosts.parse([entry]);
    assert.equal(allowed.checkName(name), isCovered ? allowed.hosts[0] : undefined);
  });
}
