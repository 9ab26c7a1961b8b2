import type { HostInterface } from "../../../host_interface.ts";
import { UdpSocket } from "./udp_socket.ts";

/** The resource `wasi:sockets/udp.incoming-datagram-stream`. None is ever made. */
class IncomingDatagramStream {}

/** The resource `wasi:sockets/udp.outgoing-datagram-stream`. None is ever made. */
class OutgoingDatagramStream {}

/** `wasi:sockets/udp`. */
export const udp: HostInterface = {
  id: "wasi:sockets/udp",
  create: () => ({ UdpSocket, IncomingDatagramStream, OutgoingDatagramStream }),
};
