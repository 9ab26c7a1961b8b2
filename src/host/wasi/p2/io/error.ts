import type { HostInterface } from "../../../host_interface.ts";
import { IoError } from "./io_error.ts";

/** `wasi:io/error`. */
export const error: HostInterface = {
  id: "wasi:io/error",
  create: () => ({ Error: IoError }),
};
