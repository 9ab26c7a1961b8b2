import assert from "node:assert/strict";
import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import { block, connect, ipv4, untilDone } from "../adversarial/actions.ts";
import type { ConformanceCase } from "./conformance_case.ts";

const TCP = "wasi:sockets/tcp#[method]tcp-socket";
const UDP = "wasi:sockets/udp#[method]udp-socket";
const IN = "wasi:sockets/udp#[method]incoming-datagram-stream";
const OUT = "wasi:sockets/udp#[method]outgoing-datagram-stream";
const INPUT = "wasi:io/streams#[method]input-stream";
const OUTPUT = "wasi:io/streams#[method]output-stream";
const LOOPBACK = [127, 0, 0, 1];
/** Options with a value that every system takes. */
const TCP_OPTIONS: Readonly<Record<string, unknown>> = {
  "keep-alive-enabled": true,
  "keep-alive-idle-time": 60_000_000_000n,
  "keep-alive-interval": 30_000_000_000n,
  "keep-alive-count": 5,
  "hop-limit": 64,
  "receive-buffer-size": 65_536n,
  "send-buffer-size": 65_536n,
};
const UDP_OPTIONS: Readonly<Record<string, unknown>> = {
  "unicast-hop-limit": 64,
  "receive-buffer-size": 65_536n,
  "send-buffer-size": 65_536n,
};

/** Cases of `wasi:sockets`. */
export const socketCases: readonly ConformanceCase[] = [
  {
    name: "a TCP client sends, half-closes and reads to the end",
    async run({ guest, around }) {
      const address = ipv4(LOOPBACK, around.tcpPort);
      const [socket, input, output] = await connect(guest, "ipv4", address);
      assert.deepEqual(await guest.ok(`${TCP}.remote-address`, socket), address);
      const local = await guest.ok(`${TCP}.local-address`, socket) as { tag: string };
      assert.equal(local.tag, "ipv4");
      assert.equal(await guest.call(`${TCP}.is-listening`, socket), false);
      assert.equal(await guest.call(`${TCP}.address-family`, socket), "ipv4");
      await guest.ok(`${OUTPUT}.blocking-write-and-flush`, output, bytes("ping"));
      await guest.ok(`${TCP}.shutdown`, socket, "send");
      assert.equal(await readToEnd(guest, input), "ping");
    },
  },
  {
    name: "the options of a TCP socket are set and read",
    async run({ guest }) {
      const socket = await createTcp(guest);
      for (const [name, value] of Object.entries(TCP_OPTIONS)) {
        await settable(guest, { type: TCP, socket, name, value });
      }
      await either(guest.ok(`${TCP}.set-listen-backlog-size`, socket, 16n));
    },
  },
  {
    name: "a TCP server listens where it may, and accepts",
    async run({ guest, around }) {
      const network = await guest.call("wasi:sockets/instance-network#instance-network");
      const server = await createTcp(guest);
      const address = ipv4(LOOPBACK, around.inboundPort);
      await guest.ok(`${TCP}.start-bind`, server, network, address);
      await untilDone(guest, `${TCP}.finish-bind`, server);
      await guest.ok(`${TCP}.start-listen`, server);
      await untilDone(guest, `${TCP}.finish-listen`, server);
      assert.equal(await guest.call(`${TCP}.is-listening`, server), true);
      const client = await Deno.connect({ hostname: "127.0.0.1", port: around.inboundPort });
      try {
        await block(guest, await guest.call(`${TCP}.subscribe`, server));
        const [, input, output] = await untilDone(guest, `${TCP}.accept`, server) as number[];
        await client.write(bytes("knock"));
        assert.deepEqual(await guest.ok(`${INPUT}.blocking-read`, input, 100n), bytes("knock"));
        await guest.ok(`${OUTPUT}.blocking-write-and-flush`, output, bytes("come in"));
        const answer = new Uint8Array(7);
        await client.read(answer);
        assert.deepEqual(answer, bytes("come in"));
      } finally {
        client.close();
      }
    },
  },
  {
    name: "a connection that breaks off ends in an error with a reason",
    async run({ guest, around }) {
      const address = ipv4(LOOPBACK, around.resetPort);
      const [, input, output] = await connect(guest, "ipv4", address);
      await guest.ok(`${OUTPUT}.blocking-write-and-flush`, output, bytes("x".repeat(100)));
      const end = await guest.call(`${INPUT}.blocking-read`, input, 10n) as {
        val: { tag: string; val: number };
      };
      assert.equal(end.val.tag, "last-operation-failed");
      const { val: error } = end.val;
      const text = await guest.call("wasi:io/error#[method]error.to-debug-string", error);
      assert.ok((text as string).length > 0);
      const code = await guest.call("wasi:sockets/network#network-error-code", error);
      assert.equal(code, "connection-reset");
      const other = await guest.call("wasi:filesystem/types#filesystem-error-code", error);
      assert.equal(other, undefined);
      assert.equal(await guest.call("wasi:http/types#http-error-code", error), undefined);
    },
  },
  {
    name: "a name that is granted is looked up",
    async run({ guest }) {
      const lookup = "wasi:sockets/ip-name-lookup";
      const type = `${lookup}#[method]resolve-address-stream`;
      const network = await guest.call("wasi:sockets/instance-network#instance-network");
      const stream = await guest.ok(`${lookup}#resolve-addresses`, network, "localhost");
      await block(guest, await guest.call(`${type}.subscribe`, stream));
      const address = await untilDone(guest, `${type}.resolve-next-address`, stream);
      assert.match((address as { tag: string }).tag, /^ipv[46]$/);
    },
  },
  {
    name: "datagrams are sent and received",
    async run({ guest, around }) {
      const network = await guest.call("wasi:sockets/instance-network#instance-network");
      const create = "wasi:sockets/udp-create-socket#create-udp-socket";
      const socket = await guest.ok(create, "ipv4");
      assert.equal(await guest.call(`${UDP}.address-family`, socket), "ipv4");
      const own = ipv4(LOOPBACK, around.inboundPort);
      await guest.ok(`${UDP}.start-bind`, socket, network, own);
      await untilDone(guest, `${UDP}.finish-bind`, socket);
      await block(guest, await guest.call(`${UDP}.subscribe`, socket));
      assert.deepEqual(await guest.ok(`${UDP}.local-address`, socket), own);
      const peer = ipv4(LOOPBACK, around.udpPort);
      const [input, output] = await guest.ok(`${UDP}.stream`, socket, peer) as number[];
      assert.deepEqual(await guest.ok(`${UDP}.remote-address`, socket), peer);
      await block(guest, await guest.call(`${OUT}.subscribe`, output));
      assert.ok(await guest.ok(`${OUT}.check-send`, output) as bigint > 0n);
      const datagram = { data: bytes("ping"), "remote-address": undefined };
      assert.equal(await guest.ok(`${OUT}.send`, output, [datagram]), 1n);
      await block(guest, await guest.call(`${IN}.subscribe`, input));
      assert.deepEqual(await guest.ok(`${IN}.receive`, input, 10n), [
        { data: bytes("ping"), "remote-address": peer },
      ]);
    },
  },
  {
    name: "the options of a UDP socket are set and read",
    async run({ guest }) {
      const socket = await guest.ok("wasi:sockets/udp-create-socket#create-udp-socket", "ipv4");
      for (const [name, value] of Object.entries(UDP_OPTIONS)) {
        await settable(guest, { type: UDP, socket, name, value });
      }
    },
  },
];

async function createTcp(guest: RawGuest): Promise<unknown> {
  return await guest.ok("wasi:sockets/tcp-create-socket#create-tcp-socket", "ipv4");
}

interface SocketOption {
  readonly type: string;
  readonly socket: unknown;
  readonly name: string;
  readonly value: unknown;
}

/** What is set is read back, unless the platform cannot set it and says so. */
async function settable(guest: RawGuest, option: SocketOption): Promise<void> {
  const { type, socket, name, value } = option;
  const set = await either(guest.ok(`${type}.set-${name}`, socket, value));
  const got = await guest.call(`${type}.${name}`, socket) as { tag: string; val?: unknown };
  if (set && got.tag === "ok" && typeof value !== "bigint") assert.equal(got.val, value);
}

async function either(result: Promise<unknown>): Promise<boolean> {
  try {
    await result;
    return true;
  } catch (error) {
    assert.equal((error as { value?: unknown }).value, "not-supported");
    return false;
  }
}

async function readToEnd(guest: RawGuest, stream: number): Promise<string> {
  let text = "";
  for (;;) {
    const { tag, val } = await guest.call(`${INPUT}.blocking-read`, stream, 100n) as {
      tag: string;
      val: unknown;
    };
    if (tag !== "ok") {
      assert.deepEqual(val, { tag: "closed" });
      return text;
    }
    text += new TextDecoder().decode(val as Uint8Array);
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
