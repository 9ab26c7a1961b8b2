import type { HostInterface } from "../../../host_interface.ts";
import { randomU64 } from "./random_u64.ts";

/** `wasi:random/insecure-seed`. */
export const insecureSeed: HostInterface = {
  id: "wasi:random/insecure-seed",
  create: ({ random }) => ({ insecureSeed: () => [randomU64(random), randomU64(random)] }),
};
