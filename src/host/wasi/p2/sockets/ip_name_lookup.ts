import type { HostInterface } from "../../../host_interface.ts";
import { denySocket } from "./deny_socket.ts";

/** The resource `wasi:sockets/ip-name-lookup.resolve-address-stream`. None is ever made. */
class ResolveAddressStream {}

/** `wasi:sockets/ip-name-lookup`: no name is looked up for a guest. */
export const ipNameLookup: HostInterface = {
  id: "wasi:sockets/ip-name-lookup",
  create: () => ({ ResolveAddressStream, resolveAddresses: denySocket }),
};
