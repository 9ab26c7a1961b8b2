import type { HostInterface } from "../../../host_interface.ts";
import type { IpAddressFamily } from "./deny_socket.ts";
import { TcpSocket } from "./tcp_socket.ts";

/** `wasi:sockets/tcp-create-socket`. */
export const tcpCreateSocket: HostInterface = {
  id: "wasi:sockets/tcp-create-socket",
  create: () => ({
    createTcpSocket: (family: IpAddressFamily) => new TcpSocket(family),
  }),
};
