import type { HostInterface } from "../../../host_interface.ts";
import { randomBytes } from "./random_bytes.ts";
import { randomU64 } from "./random_u64.ts";

/** `wasi:random/insecure`: as good as the secure one, since the platform has no cheaper source. */
export const insecure: HostInterface = {
  id: "wasi:random/insecure",
  create: ({ random }) => ({
    getInsecureRandomBytes: (length: bigint) => randomBytes(random, length),
    getInsecureRandomU64: () => randomU64(random),
  }),
};
