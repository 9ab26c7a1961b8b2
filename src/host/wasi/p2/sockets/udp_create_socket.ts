import type { HostInterface } from "../../../host_interface.ts";
import { instanceSockets } from "./instance_sockets.ts";
import type { IpAddressFamily } from "./ip_address.ts";
import { UdpSocket } from "./udp_socket.ts";

/** `wasi:sockets/udp-create-socket`. */
export const udpCreateSocket: HostInterface = {
  id: "wasi:sockets/udp-create-socket",
  create: (guest) => ({
    createUdpSocket: (family: IpAddressFamily) => new UdpSocket(family, instanceSockets(guest)),
  }),
};
