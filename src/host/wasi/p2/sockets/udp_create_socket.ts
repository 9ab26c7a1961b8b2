import type { HostInterface } from "../../../host_interface.ts";
import type { IpAddressFamily } from "./deny_socket.ts";
import { UdpSocket } from "./udp_socket.ts";

/** `wasi:sockets/udp-create-socket`. */
export const udpCreateSocket: HostInterface = {
  id: "wasi:sockets/udp-create-socket",
  create: () => ({
    createUdpSocket: (family: IpAddressFamily) => new UdpSocket(family),
  }),
};
