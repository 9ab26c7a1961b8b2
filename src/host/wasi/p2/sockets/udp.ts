import type { HostInterface } from "../../../host_interface.ts";
import { IncomingDatagramStream } from "./incoming_datagram_stream.ts";
import { OutgoingDatagramStream } from "./outgoing_datagram_stream.ts";
import { UdpSocket } from "./udp_socket.ts";

/** `wasi:sockets/udp`. */
export const udp: HostInterface = {
  id: "wasi:sockets/udp",
  create: () => ({ UdpSocket, IncomingDatagramStream, OutgoingDatagramStream }),
};
