import type { HostInterface } from "../../../host_interface.ts";

/** `wasi:http/outgoing-handler`: no request is sent for a guest. */
export const outgoingHandler: HostInterface = {
  id: "wasi:http/outgoing-handler",
  create: () => ({
    handle(): never {
      throw { tag: "HTTP-request-denied" };
    },
  }),
};
