import type { HostInterface } from "../../../host_interface.ts";
import { TcpSocket } from "./tcp_socket.ts";

/** `wasi:sockets/tcp`. */
export const tcp: HostInterface = {
  id: "wasi:sockets/tcp",
  create: () => ({ TcpSocket }),
};
