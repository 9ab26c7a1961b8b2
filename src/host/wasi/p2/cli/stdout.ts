import type { HostInterface } from "../../../host_interface.ts";
import { OutputStream } from "../io/output_stream.ts";

/** `wasi:cli/stdout`. */
export const stdout: HostInterface = {
  id: "wasi:cli/stdout",
  create: (guest) => ({
    getStdout: () => new OutputStream({ write: guest.stdout }, { signal: guest.signal }),
  }),
};
