import type { HostInterface } from "../../../host_interface.ts";
import { Network } from "./network.ts";

/** `wasi:sockets/instance-network`. */
export const instanceNetwork: HostInterface = {
  id: "wasi:sockets/instance-network",
  create: () => ({ instanceNetwork: () => new Network() }),
};
