import type { HostInterface } from "../../../host_interface.ts";
import { InputStream } from "../io/input_stream.ts";
import { StdinSource } from "./stdin_source.ts";

/** `wasi:cli/stdin`. */
export const stdin: HostInterface = {
  id: "wasi:cli/stdin",
  create: (guest) => {
    const source = new StdinSource(guest.stdin);
    return { getStdin: () => new InputStream(source, { signal: guest.signal }) };
  },
};
