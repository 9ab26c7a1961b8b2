import type { HostInterface } from "../../../host_interface.ts";
import { OutputStream } from "../io/output_stream.ts";

/** `wasi:cli/stderr`. */
export const stderr: HostInterface = {
  id: "wasi:cli/stderr",
  create: (guest) => ({
    getStderr: () => new OutputStream({ write: guest.stderr }, { signal: guest.signal }),
  }),
};
