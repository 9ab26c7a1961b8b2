import assert from "node:assert/strict";
import { ipNameLookup } from "../../../../../src/host/wasi/p2/sockets/ip_name_lookup.ts";
import { instanceNetwork } from "../../../../../src/host/wasi/p2/sockets/instance_network.ts";
import { Network } from "../../../../../src/host/wasi/p2/sockets/network.ts";
import { tcpCreateSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_create_socket.ts";
import { TcpSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_socket.ts";
import { udpCreateSocket } from "../../../../../src/host/wasi/p2/sockets/udp_create_socket.ts";
import { UdpSocket } from "../../../../../src/host/wasi/p2/sockets/udp_socket.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import { WIT_NAMES } from "../../../wit_names.ts";

const ANSWERING = ["addressFamily", "isListening", "subscribe"];

const SOCKETS = [
  ["wasi:sockets/tcp", "TcpSocket", TcpSocket, tcpCreateSocket],
  ["wasi:sockets/udp", "UdpSocket", UdpSocket, udpCreateSocket],
] as const;

for (const [id, name, Socket, createSocket] of SOCKETS) {
  Deno.test(`${name} can be made, and every operation on it is denied`, () => {
    const implementation = createSocket.create(guestContext());
    const socket = call(implementation, `create${name}`, "ipv6");
    assert(socket instanceof Socket);
    assert.equal(socket.addressFamily(), "ipv6");
    assert(socket.subscribe().ready());
    const operations = (WIT_NAMES[id]?.resources?.[name] ?? [])
      .filter((operation) => !ANSWERING.includes(operation));
    assert(operations.length >= 11);
    for (const operation of operations) {
      const run: unknown = Reflect.get(socket, operation);
      assert(run instanceof Function, operation);
      assert.equal(thrown(() => run.call(socket)), "access-denied", operation);
    }
  });
}

Deno.test("TcpSocket is never listening", () => {
  assert.equal(new TcpSocket("ipv4").isListening(), false);
});

Deno.test("resolveAddresses() is denied", () => {
  const context = guestContext();
  const network = call(instanceNetwork.create(context), "instanceNetwork");
  assert(network instanceof Network);
  const implementation = ipNameLookup.create(context);
  assert.equal(
    thrown(() => call(implementation, "resolveAddresses", network, "localhost")),
    "access-denied",
  );
});
