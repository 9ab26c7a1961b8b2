import type { HostInterface } from "../../../host_interface.ts";
import type { ByteSource } from "../io/byte_source.ts";
import { InputStream } from "../io/input_stream.ts";

const NOTHING: ByteSource = {
  read: () => undefined,
  [Symbol.dispose]() {},
};

/** `wasi:cli/stdin`: always at its end, since an event brings no standard input. */
export const stdin: HostInterface = {
  id: "wasi:cli/stdin",
  create: () => ({ getStdin: () => new InputStream(NOTHING) }),
};
