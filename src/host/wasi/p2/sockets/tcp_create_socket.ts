import type { HostInterface } from "../../../host_interface.ts";
import { instanceSockets } from "./instance_sockets.ts";
import type { IpAddressFamily } from "./ip_address.ts";
import { TcpSocket } from "./tcp_socket.ts";

/** `wasi:sockets/tcp-create-socket`. */
export const tcpCreateSocket: HostInterface = {
  id: "wasi:sockets/tcp-create-socket",
  create: (guest) => ({
    createTcpSocket: (family: IpAddressFamily) => new TcpSocket(family, instanceSockets(guest)),
  }),
};
