import type { HostInterface } from "../../../host_interface.ts";
import { InputStream } from "./input_stream.ts";
import { OutputStream } from "./output_stream.ts";

/** `wasi:io/streams`. */
export const streams: HostInterface = {
  id: "wasi:io/streams",
  create: () => ({ InputStream, OutputStream }),
};
