import assert from "node:assert/strict";
import { createHost } from "../../../../../src/host/create_host.ts";
import { IoError } from "../../../../../src/host/wasi/p2/io/io_error.ts";
import { Network } from "../../../../../src/host/wasi/p2/sockets/network.ts";
import { SocketIoError } from "../../../../../src/host/wasi/p2/sockets/socket_io_error.ts";
import { TcpSocket } from "../../../../../src/host/wasi/p2/sockets/tcp_socket.ts";
import { UdpSocket } from "../../../../../src/host/wasi/p2/sockets/udp_socket.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import { at, finish, nextTurn } from "./socket_fixture.ts";

const IMPORTS = [
  "wasi:sockets/instance-network@0.2.0",
  "wasi:sockets/network@0.2.0",
  "wasi:sockets/tcp-create-socket@0.2.0",
  "wasi:sockets/udp-create-socket@0.2.0",
];

Deno.test("the interfaces of wasi:sockets give a network and sockets of both kinds", () => {
  using host = createHost(guestContext());
  const imports = host.imports(IMPORTS);
  const network = call(imports["wasi:sockets/instance-network"], "instanceNetwork");
  assert(network instanceof Network);
  const tcp = call(imports["wasi:sockets/tcp-create-socket"], "createTcpSocket", "ipv6");
  assert(tcp instanceof TcpSocket);
  assert.equal(tcp.addressFamily(), "ipv6");
  const udp = call(imports["wasi:sockets/udp-create-socket"], "createUdpSocket", "ipv4");
  assert(udp instanceof UdpSocket);
  assert.equal(udp.addressFamily(), "ipv4");
});

Deno.test("the sockets of both kinds count together", () => {
  using host = createHost(guestContext());
  const imports = host.imports(IMPORTS);
  for (let n = 0; n < 128; n += 1) {
    call(imports["wasi:sockets/tcp-create-socket"], "createTcpSocket", "ipv4");
    call(imports["wasi:sockets/udp-create-socket"], "createUdpSocket", "ipv4");
  }
  const again = () => call(imports["wasi:sockets/udp-create-socket"], "createUdpSocket", "ipv4");
  assert.equal(thrown(again), "new-socket-limit");
});

Deno.test("the end of the host closes the sockets of its guest", async () => {
  const host = createHost(guestContext({ allowedInbound: AllowedInbound.parse(["tcp://*:*"]) }));
  const imports = host.imports(IMPORTS);
  const tcp = call(imports["wasi:sockets/tcp-create-socket"], "createTcpSocket", "ipv4");
  assert(tcp instanceof TcpSocket);
  tcp.startBind(new Network(), at("127.0.0.1", 0));
  await finish(tcp.subscribe(), () => tcp.finishBind());
  const { port } = tcp.localAddress().val;
  host[Symbol.dispose]();
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});

Deno.test("networkErrorCode() knows the errors of connections and no others", () => {
  using host = createHost(guestContext());
  const network = host.imports(IMPORTS)["wasi:sockets/network"];
  assert.equal(call(network, "networkErrorCode", new SocketIoError("timeout")), "timeout");
  assert.equal(call(network, "networkErrorCode", new IoError("A file's")), undefined);
});
